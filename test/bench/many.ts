import { execFileSync } from 'node:child_process';
import type { CertificateFileSource, ExporterConfig } from '../../exporter/config.ts';
import { authorization, inFolder, type Started, startExporter, stop } from './exporter.ts';
import { residentMegabytes, watchMemory } from './memory.ts';
import { serveText } from './node-exporter.ts';
import { timeRequests } from './request.ts';
import { atMost, type Result } from './result.ts';
import { certificates, volumes } from './world.ts';

const count = 10_000;
const starts = 3;
/** Files of which openssl reads each: all would take a minute. */
const sample = 1000;

/**
 * As many certificate files as anyone has, beside openssl that reads each of them and node_exporter that serves the same text;
 * then as many volumes beside them.
 */
export async function benchMany(): Promise<readonly Result[]> {
  return await inFolder(async (folder) => {
    const certificateFiles = certificates(folder, count);
    const files = await measure(folder, { certificateFiles });
    const both = await measure(folder, { certificateFiles, volumes: volumes(folder, count) });
    const node = await serveText(files.text, async ({ url, pid }) => ({
      ...(await timeScrapes(url, {})),
      resident: residentMegabytes(pid),
    }));
    const openssl = { name: `openssl x509 for each, from ${sample} of them`, values: [timeOpenssl(certificateFiles)] };
    const baseline = (values: readonly number[]) => [{ name: 'node_exporter', values }];
    const row = (
      what: string,
      unit: Result['unit'],
      rest: Pick<Result, 'values' | 'baselines' | 'target'>,
    ): Result => ({
      work: `${count} certificate files: ${what}`,
      unit,
      ...rest,
    });
    return [
      row('start to first complete scrape', 's', { values: files.complete, baselines: [openssl], target: atMost(2) }),
      row('scrape, plain', 'ms', { values: files.plain, baselines: baseline(node.plain), target: atMost(8) }),
      row('scrape, gzip', 'ms', { values: files.gzip, baselines: baseline(node.gzip), target: atMost(3) }),
      row('resident, serving process', 'MB', {
        values: [files.resident],
        baselines: baseline([node.resident]),
        target: atMost(150),
      }),
      row(`and ${count} volumes: resident, serving process`, 'MB', {
        values: [both.resident],
        baselines: [],
        target: atMost(200),
      }),
    ];
  });
}

async function measure(folder: string, declared: Partial<ExporterConfig>) {
  const complete: number[] = [];
  for (let start = 1; ; start += 1) {
    const exporter = await startExporter(folder, { ...declared, interval: 20 });
    try {
      complete.push(exporter.complete / 1000);
      if (start === starts) return { complete, ...(await watch(exporter)) };
    } finally {
      await stop(exporter);
    }
  }
}

async function watch({ url, pid }: Started) {
  const text = await (await fetch(`${url}/prometheus`, { headers: authorization })).text();
  const times = await timeScrapes(`${url}/prometheus`, authorization);
  return { text, ...times, resident: (await watchMemory(pid, 30_000)).alone };
}

async function timeScrapes(url: string, headers: Readonly<Record<string, string>>) {
  const plain = await timeRequests(url, headers);
  const gzip = await timeRequests(url, { ...headers, 'accept-encoding': 'gzip' });
  return { plain, gzip };
}

/** Seconds that openssl needs for all files, one process for each, started by a small one. */
function timeOpenssl(files: readonly CertificateFileSource[]): number {
  const command = ['-n1', 'openssl', 'x509', '-noout', '-dates', '-subject', '-issuer', '-serial', '-in'];
  const input = files.slice(0, sample).map(({ path }) => `${path}\n`);
  const started = performance.now();
  execFileSync('xargs', command, { input: input.join('') });
  return ((performance.now() - started) / 1000) * (files.length / sample);
}
