import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { generations } from '../support/programs.ts';
import { runExporterIn, token, until } from './support/exporter.ts';
import { temporaryFolder } from './support/folder.ts';
import { openssl } from './support/openssl.ts';

describe.each(generations)('a Prometheus of the $name generation', ({ prometheus }) => {
  test('takes every series of the compressed answer, and none twice', async () => {
    const folder = temporaryFolder();
    const { certificate } = openssl(folder).selfSigned({ name: 'shop', names: 'DNS:shop.test' });
    const volumes = Array.from({ length: 600 }, (_, index) => {
      const directory = join(folder, 'volumes', String(index));
      mkdirSync(directory, { recursive: true });
      return { name: `volume "${index}" \\ \n`, namespace: 'shop', directory, requested: index };
    });
    const exporter = await runExporterIn(folder, { volumes, certificateFiles: [{ name: 'shop', path: certificate }] });
    const ask = await startPrometheus(prometheus, folder, exporter.port);
    await until(async () => (await ask('count(up == 1)')) === 1);
    const { samples } = await exporter.scrape();
    for (const name of new Set(samples.map((sample) => sample.name).filter((each) => each.startsWith('lookout_')))) {
      expect(await ask(`count(${name})`), name).toBe(samples.filter((sample) => sample.name === name).length);
    }
    expect(await ask('scrape_samples_scraped')).toBeGreaterThan(5000);
    expect(await ask('lookout_volume_requested_bytes{claim="volume \\"599\\" \\\\ \\n"}')).toBe(599);
  });
});

type Ask = (query: string) => Promise<number | undefined>;

async function startPrometheus(program: string, folder: string, target: number): Promise<Ask> {
  const port = await freePort();
  const config = join(folder, 'prometheus.yml');
  writeFileSync(
    config,
    JSON.stringify({
      global: { scrape_interval: '500ms', scrape_timeout: '500ms' },
      scrape_configs: [
        {
          job_name: 'exporter',
          metrics_path: '/prometheus',
          authorization: { credentials: token },
          static_configs: [{ targets: [`127.0.0.1:${target}`] }],
        },
      ],
    }),
  );
  const options = ['--storage.tsdb.path', join(folder, 'data'), '--web.listen-address', `127.0.0.1:${port}`];
  const child = spawn(program, ['--config.file', config, ...options], { stdio: 'ignore' });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await until(() => child.signalCode !== null || child.exitCode !== null);
  });
  const ask: Ask = async (query) => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(query)}`);
    const { data } = (await answer.json()) as { data: { result: readonly { value: readonly [number, string] }[] } };
    const value = data.result[0]?.value[1];
    return value === undefined ? undefined : Number(value);
  };
  await until(() => ask('vector(1)').then(Boolean, () => false));
  return ask;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}
