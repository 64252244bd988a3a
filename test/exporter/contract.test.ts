import { mkdirSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { collectors } from '../../exporter/collectors/index.ts';
import { families } from '../../exporter/metrics/index.ts';
import { expectGolden } from '../support/golden.ts';
import type { RunningExporter } from './support/exporter.ts';
import { runExporterIn } from './support/exporter.ts';
import { temporaryFolder } from './support/folder.ts';
import { openssl, read } from './support/openssl.ts';

/** Labels that Prometheus itself puts on every series of a target: ours would be renamed. */
const targetLabels = ['namespace', 'pod', 'job', 'instance'];

test('names, types and labels of all families are as agreed', () => {
  const lines = families.map(
    ({ name, type, labels, stability }) => `${name}{${labels.join(',')}} ${type} ${stability}\n`,
  );
  expectGolden('exporter/families.txt', lines.join(''));
});

test('every family keeps to the rules of naming', () => {
  for (const { name, type, labels, help } of families) {
    expect(name).toMatch(/^lookout_[a-z0-9_]+$/);
    expect(name.endsWith('_total'), name).toBe(type === 'counter');
    expect(help, name).toMatch(/^[A-Z01].*\.$/);
    expect(
      labels.filter((label) => targetLabels.includes(label)),
      name,
    ).toEqual([]);
  }
  expect(new Set(families.map(({ name }) => name)).size).toBe(families.length);
});

test('every family of a collector can be served', () => {
  for (const family of collectors.flatMap((collector) => collector.families)) expect(families).toContain(family);
});

test('every series has exactly the labels of its family, in the order in which families are served', async () => {
  const { samples, text } = await (await everything()).scrape();
  const known = new Map(families.map(({ name, labels }) => [name, labels]));
  const ours = samples.filter(({ name }) => name.startsWith('lookout_'));
  for (const { name, labels } of ours) expect(Object.keys(labels), name).toEqual(known.get(name));
  const served = [...text.matchAll(/^# TYPE (lookout_\S+)/gm)].map(([, name]) => name);
  expect(served).toEqual(families.map(({ name }) => name).filter((name) => served.includes(name)));
  const series = samples.map(({ name, labels }) => `${name}${JSON.stringify(labels)}`);
  expect(new Set(series).size).toBe(series.length);
});

test('names and labels of the process are those that prom-client gives', async () => {
  const { samples } = await (await everything()).scrape();
  const rest = samples.filter(({ name }) => !name.startsWith('lookout_'));
  const lines = rest.map(({ name, labels }) => `${name}{${Object.keys(labels).join(',')}}\n`);
  const stable = [...new Set(lines)].filter((line) => !/^nodejs_(gc_|active_)/.test(line));
  expectGolden('exporter/process.txt', stable.join(''));
});

/** An exporter with at least one of every kind of thing, read. */
async function everything(): Promise<RunningExporter> {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'backups'));
  writeFileSync(join(folder, 'backups', 'shop_2026.txt'), 'dump');
  const { certificate, key } = openssl(folder).selfSigned({ name: 'shop', names: 'DNS:shop.test' });
  const server = createServer({ cert: read(certificate), key: read(key) }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const host = { host: '127.0.0.1', port, serverName: 'shop.test', authority: certificate, timeout: 5 };
  return await runExporterIn(folder, {
    backups: [
      {
        name: 'shop',
        directory: join(folder, 'backups'),
        pattern: 'shop_%Y.txt',
        engine: 'files',
        schedule: '0 2 * * *',
        timezone: 'Europe/Berlin',
        clock: 'UTC',
        expectedInterval: null,
        grace: 1,
        settle: 0,
        retention: { age: 86_400, tolerance: 0, floor: 1 },
        ignore: [],
      },
    ],
    volumes: ['backups', 'gone'].map((name) => ({
      name,
      namespace: 'shop',
      directory: join(folder, name),
      requested: 1,
    })),
    certificateFiles: [{ name: 'stored', path: certificate }],
    certificateEndpoints: [{ name: 'served', expects: 'stored', ...host }],
  });
}
