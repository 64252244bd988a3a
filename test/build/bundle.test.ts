import { once } from 'node:events';
import {
  chmodSync,
  constants,
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { bundleExporter, bundleLimit } from '../../provision/build/exporter/bundle.ts';
import { authorization, configIn, scrape, until } from '../exporter/support/exporter.ts';
import { temporaryFolder } from '../exporter/support/folder.ts';
import { openssl } from '../exporter/support/openssl.ts';
import { isRunning, startProgram } from '../exporter/support/process.ts';
import { run } from '../support/programs.ts';

const root = resolve(import.meta.dirname, '../..');
let bundle: Uint8Array;

beforeAll(async () => {
  bundle = await bundleExporter(root);
});

test('the exporter fits into a ConfigMap as one file', () => {
  expect(bundle.length).toBeGreaterThan(100_000);
  expect(bundle.length).toBeLessThan(bundleLimit);
});

test('it has no character that an API server would refuse in an applied ConfigMap', () => {
  // What JSON leaves as it is and YAML calls unprintable. Source: YAML 1.2, Character set.
  expect(/[^\t\n\r -~]/.exec(JSON.stringify(Buffer.from(bundle).toString()))).toBeNull();
});

test('the same sources give the same bytes, and no path of the checkout', async () => {
  const elsewhere = join(temporaryFolder(), 'checkout');
  symlinkSync(root, elsewhere);
  expect(Buffer.from(await bundleExporter(elsewhere)).equals(bundle)).toBe(true);
  expect(Buffer.from(bundle).includes(root)).toBe(false);
});

test('it runs alone, from a directory where it may not write, as a user who owns nothing', async () => {
  const folder = temporaryFolder();
  const { program, config } = installIn(folder);
  const exporter = await startProgram([...asNobody, join(folder, 'node'), program, '--config', config]);

  expect((await fetch(`${exporter.url}/healthz`)).status).toBe(200);
  expect((await fetch(`${exporter.url}/prometheus`)).status).toBe(401);
  await until(async () => (await fetch(`${exporter.url}/readyz`)).ok);
  const { value } = await scrape(exporter.url);
  expect(value('lookout_source_up', { collector: 'volumes' })).toBe(1);
  expect(value('lookout_volume_used_bytes', { claim: 'data', scope: 'volume' })).toBeGreaterThanOrEqual(100_000);
  expect(value('lookout_exporter_build_info', { version: packageVersion })).toBe(1);
  expect((await fetch(`${exporter.url}/explain`, { headers: authorization })).status).toBe(200);

  await until(() => exporter.children().length > 0);
  const children = exporter.children();
  expect(await exporter.terminate()).toBe(0);
  await until(() => !children.some(isRunning));
});

test('it opens PKCS#12 files of old and new programs', async () => {
  const folder = temporaryFolder();
  const { certificate, key } = openssl(folder).selfSigned({ name: 'shop', names: 'DNS:shop.test' });
  writeFileSync(join(folder, 'password'), 'secret');
  const files = ['legacy', 'modern'].map((name) => {
    const path = join(folder, `${name}.p12`);
    const ciphers = name === 'legacy' ? ['-legacy'] : [];
    const args = ['-export', ...ciphers, '-in', certificate, '-inkey', key, '-out', path, '-passout', 'pass:secret'];
    run('openssl', ['pkcs12', ...args]);
    return { name, path, passwordFile: join(folder, 'password') };
  });
  const { program, config } = installIn(folder, { volumes: [], certificateFiles: files });
  const exporter = await startProgram([join(folder, 'node'), program, '--config', config]);
  await until(async () => (await fetch(`${exporter.url}/readyz`)).ok);
  const { value } = await scrape(exporter.url);
  for (const certificate of ['legacy', 'modern'])
    expect(value('lookout_certificate_not_after_timestamp_seconds', { certificate })).toBeGreaterThan(0);
  expect(await exporter.terminate()).toBe(0);
});

test('it goes on reading when the ConfigMap that it is mounted from is written anew', async () => {
  const folder = temporaryFolder();
  const { program, config } = installIn(folder);
  const mount = temporaryFolder();
  const write = (release: string) => {
    mkdirSync(join(mount, release));
    copyFileSync(program, join(mount, release, 'exporter.mjs'));
    symlinkSync(release, join(mount, '..next'));
    renameSync(join(mount, '..next'), join(mount, '..data'));
  };
  write('..first');
  symlinkSync(join('..data', 'exporter.mjs'), join(mount, 'exporter.mjs'));
  const exporter = await startProgram([process.execPath, join(mount, 'exporter.mjs'), '--config', config]);
  await until(async () => (await fetch(`${exporter.url}/readyz`)).ok);
  write('..second');
  rmSync(join(mount, '..first'), { recursive: true });
  writeFileSync(join(folder, 'data', 'later'), Buffer.alloc(300_000, 1));
  const used = async () =>
    (await scrape(exporter.url)).value('lookout_volume_used_bytes', { claim: 'data', scope: 'volume' });
  await until(async () => ((await used()) ?? 0) >= 400_000);
  expect(await exporter.terminate()).toBe(0);
});

test('tracing is in the file', async () => {
  const receiver = createServer((_, response) => response.end()).listen(0, '127.0.0.1');
  onTestFinished(() => void receiver.close());
  const received = once(receiver, 'request');
  await once(receiver, 'listening');
  const endpoint = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/v1/traces`;
  const folder = temporaryFolder();
  const { program, config } = installIn(folder, { traces: { endpoint } });
  const exporter = await startProgram([join(folder, 'node'), program, '--config', config]);
  const [request] = (await received) as [IncomingMessage];
  expect(`${request.method} ${request.url}`).toBe('POST /v1/traces');
  expect(await exporter.terminate()).toBe(0);
});

const { version: packageVersion } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

/** Root gives up all that it may; anybody else stays who they are. */
const asNobody =
  process.getuid?.() === 0
    ? ['setpriv', '--reuid=65532', '--regid=65532', '--clear-groups', '--bounding-set=-all', '--inh-caps=-all', '--']
    : [];

/** Node, the bundle, a configuration and something to measure, readable by all and writable by nobody. */
function installIn(folder: string, more: object = {}): { readonly program: string; readonly config: string } {
  const program = join(folder, 'program', 'lookout-exporter.mjs');
  const config = join(folder, 'exporter.json');
  mkdirSync(join(folder, 'program'));
  mkdirSync(join(folder, 'data'));
  copyFileSync(process.execPath, join(folder, 'node'), constants.COPYFILE_FICLONE);
  writeFileSync(program, bundle);
  writeFileSync(join(folder, 'data', 'file'), Buffer.alloc(100_000, 1));
  const data = { name: 'data', namespace: 'n', directory: join(folder, 'data'), requested: null };
  writeFileSync(config, JSON.stringify(configIn(folder, { interval: 0.2, volumes: [data], ...more })));
  for (const path of [join(folder, 'program'), folder]) chmodSync(path, 0o555);
  return { program, config };
}
