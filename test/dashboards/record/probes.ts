/**
 * Records what the dashboard of probes is proven on: `node test/dashboards/record/probes.ts [--newer]`. A real blackbox
 * exporter asks a server of this process as the built configuration tells it, a real Prometheus scrapes it; for two minutes of
 * twelve a page fails. Written to test/fixtures/dashboards/. `--newer` takes the Prometheus in LOOKOUT_NEWER_BIN.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse, stringify } from 'yaml';
import { scrapeFiles } from '../../../scrape/index.ts';
import { exporterAddress, probeJob, type Stack } from '../../../stack/types.ts';
import { installed, newer, run } from '../../support/programs.ts';
import { prometheusApi } from '../proof/api.ts';
import { writeRecording } from '../proof/recording.ts';
import { freePort } from '../proof/server.ts';
import { collect } from './collect.ts';
import { probedStack, versionsOf } from './stack.ts';

const minutes = 12;
const step = 5;
const generation = process.argv.includes('--newer') ? newer : installed;
if (generation === undefined) throw new Error('--newer needs LOOKOUT_NEWER_BIN, the directory of the newer programs');
const program = 'prometheus-blackbox-exporter';
const versions = versionsOf(generation);
const exporter = /version (\d+\.\d+\.\d+)/.exec(run(program, ['--version']))?.[1] ?? '';

let failing = false;
const shop = createServer((request, response) => {
  response.statusCode = failing && request.url === '/login' ? 503 : 200;
  setTimeout(() => response.end('<h1>Log in</h1>'), 20);
}).listen(0, '127.0.0.1');
await once(shop, 'listening');
const address = `127.0.0.1:${(shop.address() as AddressInfo).port}`;

const directory = mkdtempSync(join(tmpdir(), 'lookout-record-'));
const prober = `127.0.0.1:${await freePort()}`;
const prometheus = `127.0.0.1:${await freePort()}`;
configure(probedStack(versions, address));
const children = [
  spawn(program, [`--config.file=${join(directory, 'blackbox/blackbox.yml')}`, `--web.listen-address=${prober}`]),
  spawn(generation.prometheus, [
    `--config.file=${join(directory, 'prometheus/prometheus.yml')}`,
    `--storage.tsdb.path=${join(directory, 'data')}`,
    `--web.listen-address=${prometheus}`,
  ]),
];
try {
  process.stderr.write(
    `recording ${minutes} minutes of Prometheus ${versions.prometheus}, blackbox exporter ${exporter}\n`,
  );
  await sleep(5 * 60_000);
  failing = true;
  await sleep(2 * 60_000);
  failing = false;
  await sleep((minutes - 7) * 60_000);
  const programs = { prometheus: versions.prometheus, blackbox_exporter: exporter, node: process.versions.node };
  const neutral = (value: string) => value.replaceAll(address, 'shop.example.com');
  const now = Math.floor(Date.now() / 1000);
  const recording = await collect(prometheusApi(prometheus), now, minutes * 60, step, programs, neutral);
  const fixtures = resolve(import.meta.dirname, '../../fixtures/dashboards');
  writeRecording(join(fixtures, `probes-prometheus-${versions.prometheus}.json.gz`), recording);
} finally {
  for (const child of children) child.kill('SIGTERM');
  shop.close();
  rmSync(directory, { recursive: true, force: true });
}

/** The built files, with the job of the probes alone, at the address of the exporter that runs here. */
function configure(stack: Stack): void {
  const built = stack.cluster === null ? null : exporterAddress(stack.cluster, 'blackbox');
  for (const { path, content } of scrapeFiles(stack)) {
    const file = join(directory, path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, path.endsWith('prometheus.yml') ? probesOnly(content, built ?? '') : content);
  }
}

function probesOnly(content: string, built: string): string {
  const { scrape_configs: jobs } = parse(content) as { readonly scrape_configs: readonly { job_name: string }[] };
  return stringify({ scrape_configs: jobs.filter(({ job_name: job }) => job === probeJob) }).replaceAll(built, prober);
}
