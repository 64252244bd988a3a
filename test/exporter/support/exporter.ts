import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ExporterConfig } from '../../../exporter/config.ts';
import { startExporter } from '../../../exporter/exporter.ts';
import { type Kubernetes, noKubernetes } from '../../../exporter/kubernetes/kubernetes.ts';
import { Child } from '../../../exporter/runner/child.ts';
import type { Explanation } from '../../../exporter/server/explain.ts';
import { type ExpositionSample, parseExposition } from '../../support/exposition.ts';

export const root = resolve(import.meta.dirname, '../../..');
export const token = 'the-token-of-the-tests';

export function configIn(folder: string, declared: Partial<ExporterConfig>): ExporterConfig {
  writeFileSync(join(folder, 'token'), `${token}\n`);
  return {
    listen: { host: '127.0.0.1', port: 0 },
    tokenFile: join(folder, 'token'),
    interval: 60,
    deadline: 20,
    node: 'node-1',
    backups: [],
    volumes: [],
    certificateFiles: [],
    certificateEndpoints: [],
    traces: null,
    ...declared,
  };
}

export interface RunningExporter {
  readonly url: string;
  readonly port: number;
  readonly logs: readonly LogLine[];
  readonly scrape: () => Promise<Scrape>;
  readonly explain: () => Promise<readonly Explanation[]>;
  readonly stop: () => Promise<void>;
}

export interface LogLine {
  readonly level: string;
  readonly fields: object;
  readonly message: string;
}

/** Starts the exporter in this process, its children for real, and waits until each source was tried. */
export async function runExporterIn(
  folder: string,
  declared: Partial<ExporterConfig>,
  kubernetes?: Kubernetes,
): Promise<RunningExporter> {
  const exporter = await startUnready(folder, declared, kubernetes);
  await until(async () => (await fetch(`${exporter.url}/readyz`)).ok);
  return exporter;
}

export async function startUnready(
  folder: string,
  declared: Partial<ExporterConfig>,
  kubernetes = noKubernetes,
): Promise<RunningExporter> {
  const logs: LogLine[] = [];
  const log = (level: string) => (fields: unknown, message?: unknown) =>
    void logs.push({ level, fields: fields as object, message: String(message) });
  const exporter = await startExporter(configIn(folder, declared), {
    log: { info: log('info'), warn: log('warn'), error: log('error') },
    version: '1.2.3',
    now: () => Date.now() / 1000,
    startChild: () => new Child(join(root, 'exporter', 'main.ts'), process.env),
    readMounts: () => readFileSync('/proc/self/mountinfo', 'utf8'),
    kubernetes,
  });
  onTestFinished(() => exporter.stop());
  const url = `http://127.0.0.1:${exporter.port}`;
  return {
    url,
    port: exporter.port,
    logs,
    scrape: () => scrape(url),
    explain: async () => {
      const answer = await fetch(`${url}/explain`, { headers: authorization });
      return ((await answer.json()) as { sources: readonly Explanation[] }).sources;
    },
    stop: exporter.stop,
  };
}

export const authorization = { authorization: `Bearer ${token}` };

export interface Scrape {
  readonly text: string;
  readonly samples: readonly ExpositionSample[];
  /** The value of the one series that has these labels among others; undefined when there is none. */
  readonly value: (name: string, labels?: Readonly<Record<string, string>>) => number | undefined;
}

export async function scrape(url: string): Promise<Scrape> {
  const answer = await fetch(`${url}/prometheus`, { headers: authorization });
  if (answer.status !== 200) throw new Error(`GET ${url}/prometheus: ${answer.status} ${await answer.text()}`);
  const text = await answer.text();
  const samples = parseExposition(text);
  return { text, samples, value: (name, labels = {}) => find(samples, name, labels)?.value };
}

function find(samples: readonly ExpositionSample[], name: string, labels: Readonly<Record<string, string>>) {
  const found = samples.filter(
    (sample) => sample.name === name && Object.entries(labels).every(([key, text]) => sample.labels[key] === text),
  );
  if (found.length > 1) throw new Error(`${found.length} series ${name} have ${JSON.stringify(labels)}`);
  return found[0];
}

/** Asks again and again until it holds; the test's own time limit ends it. */
export async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}
