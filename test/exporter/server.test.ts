import { execFile } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Exposition } from '../../exporter/exposition/exposition.ts';
import { gauge } from '../../exporter/metrics/family.ts';
import { sample } from '../../exporter/model/sample.ts';
import { createServer, type ServerOptions } from '../../exporter/server/server.ts';
import { TokenFile } from '../../exporter/server/tokens.ts';
import { generations, run } from '../support/programs.ts';
import { authorization, runExporterIn, startUnready, token } from './support/exporter.ts';
import { temporaryFolder } from './support/folder.ts';

const quiet = { info: () => {}, warn: () => {}, error: () => {} };

describe('authentication', () => {
  test.each(['/prometheus', '/explain'])('guards %s', async (path) => {
    const { url } = await runExporterIn(temporaryFolder(), {});
    const ask = (headers: Record<string, string>) => fetch(url + path, { headers });
    const refused = [
      {},
      { authorization: 'Bearer wrong' },
      { authorization: `Basic ${token}` },
      { authorization: `Bearer ${token}x` },
    ];
    for (const headers of refused) {
      const answer = await ask(headers as Record<string, string>);
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer /);
      expect(await answer.text()).not.toContain(token);
    }
    expect((await ask(authorization)).status).toBe(200);
    expect((await ask({ authorization: `bearer ${token}` })).status).toBe(200);
  });

  test('tells how many scrapes were made with each token, and counts nothing else', async () => {
    const folder = temporaryFolder();
    const { url } = await runExporterIn(folder, {});
    const ask = async (path: string) => fetch(`${url}${path}`, { headers: authorization });
    const counted = async () => ((await (await ask('/explain')).json()) as { scrapesByToken: unknown }).scrapesByToken;
    expect(await counted()).toEqual([0]);
    await ask('/prometheus');
    await ask('/prometheus');
    expect(await counted()).toEqual([2]);
  });

  test('leaves the page for people and the checks of health open, and they tell nothing of what is watched', async () => {
    const folder = temporaryFolder();
    const { url } = await runExporterIn(folder, {
      volumes: [{ name: 'hidden', namespace: 'a', directory: folder, requested: null }],
    });
    for (const path of ['/', '/healthz', '/readyz']) {
      const answer = await fetch(url + path);
      expect(answer.status).toBe(200);
      expect(await answer.text()).not.toContain('hidden');
    }
  });

  test('takes a second token while both are in the file, and drops no scrape during a rotation under load', async () => {
    const folder = temporaryFolder();
    const { url } = await runExporterIn(folder, {});
    const status = async (bearer: string) =>
      (await fetch(`${url}/prometheus`, { headers: { authorization: `Bearer ${bearer}` } })).status;
    let valid = [token];
    let stopped = false;
    const answers: number[] = [];
    const load = Promise.all(
      [0, 1, 2].map(async () => {
        while (!stopped) answers.push(await status(valid.at(-1)!));
      }),
    );
    const write = (...tokens: readonly string[]) => {
      writeFileSync(join(folder, 'next'), tokens.join('\n'));
      renameSync(join(folder, 'next'), join(folder, 'token'));
    };
    let current = token;
    for (let round = 1; round <= 20; round += 1) {
      const next = `token-${round}`;
      write(current, next);
      valid = [next];
      while (answers.length < round * 15) await sleep(1);
      await sleep(5);
      write(next);
      expect(await status(current)).toBe(401);
      current = next;
    }
    stopped = true;
    await load;
    expect(new Set(answers)).toEqual(new Set([200]));
  });
});

describe('the token file', () => {
  test('is read again when a mounted Secret is swapped by its link', () => {
    const folder = temporaryFolder();
    for (const name of ['one', 'two']) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'token'), name);
    }
    symlinkSync('one', join(folder, 'data'));
    const tokens = new TokenFile(join(folder, 'data', 'token'), quiet);
    expect([tokens.accepts('one'), tokens.accepts('two')]).toEqual([true, false]);
    symlinkSync('two', join(folder, 'next'));
    renameSync(join(folder, 'next'), join(folder, 'data'));
    expect([tokens.accepts('one'), tokens.accepts('two')]).toEqual([false, true]);
  });

  test.each([
    ['is gone', (path: string) => rmSync(path)],
    ['is empty', (path: string) => writeFileSync(path, '\n')],
    ['holds three tokens', (path: string) => writeFileSync(path, 'a\nb\nc\n')],
  ])('that %s later leaves the tokens before valid', (_, spoil) => {
    const path = join(temporaryFolder(), 'token');
    writeFileSync(path, 'first\nsecond\n');
    const errors: unknown[] = [];
    const tokens = new TokenFile(path, { ...quiet, error: (fields: unknown) => void errors.push(fields) });
    spoil(path);
    expect([tokens.accepts('first'), tokens.accepts('second'), tokens.accepts(''), tokens.accepts('a')]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(errors.length).toBeGreaterThan(0);
  });

  test('that is missing at the start ends it with what to do', async () => {
    const folder = temporaryFolder();
    await expect(startUnready(folder, { tokenFile: join(folder, 'none') })).rejects.toThrow(
      /token file .*none: put one or two tokens there/,
    );
  });
});

describe('the answer to a scrape', () => {
  const declared = (folder: string) => ({ volumes: [{ name: 'v', namespace: 'n', directory: folder, requested: 1 }] });

  test('is the format that is asked for, and the same plain and compressed', async () => {
    const folder = temporaryFolder();
    const { url } = await runExporterIn(folder, declared(folder));
    const ask = async (accept: string, encoding: string) => {
      const answer = await fetch(`${url}/prometheus`, {
        headers: { ...authorization, accept, 'accept-encoding': encoding },
      });
      const lookout = (await answer.text()).split('\n').filter((line) => line.includes('lookout_'));
      return { type: answer.headers.get('content-type'), encoding: answer.headers.get('content-encoding'), lookout };
    };
    const plain = await ask('text/plain', 'identity');
    const zipped = await ask('text/plain', 'gzip');
    expect(plain).toMatchObject({ type: 'text/plain; version=0.0.4; charset=utf-8', encoding: null });
    expect(zipped).toEqual({ ...plain, encoding: 'gzip' });
    const openmetrics = await ask('application/openmetrics-text; version=1.0.0', 'gzip');
    expect(openmetrics.type).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
    const samples = (lines: readonly string[]) => lines.filter((line) => !line.startsWith('#'));
    expect(samples(openmetrics.lookout)).toEqual(samples(plain.lookout));
  });

  test('is whole for curl too, which reads one gzip member', async () => {
    const folder = temporaryFolder();
    const { url } = await runExporterIn(folder, declared(folder));
    const args = ['--silent', '--fail', '--header', `Authorization: Bearer ${token}`, `${url}/prometheus`];
    const names = async (...options: readonly string[]) => {
      const { stdout } = await promisify(execFile)('curl', [...options, ...args]);
      return stdout.split('\n').filter((line) => line.startsWith('# TYPE'));
    };
    expect(await names('--compressed')).toEqual(await names());
  });

  test.each(generations)('passes promtool of the $name generation without a warning', async ({ promtool }) => {
    const folder = temporaryFolder();
    const exporter = await runExporterIn(folder, declared(folder));
    expect(run(promtool, ['check', 'metrics'], { input: (await exporter.scrape()).text })).toBe('');
  });

  test('comes while the first reading has not ended, with each declared thing in it', async () => {
    const folder = temporaryFolder();
    const exporter = await startUnready(folder, declared(folder));
    const { value } = await exporter.scrape();
    expect(value('lookout_volume_info')).toBe(1);
    expect(value('lookout_source_up')).toBe(0);
  });
});

describe('many and slow scrapers', () => {
  const family = gauge('test_filler_bytes', ['number'], 'Something large.');

  async function serve(limits: ServerOptions['limits']): Promise<{ url: string; port: number }> {
    const exposition = new Exposition([family]);
    for (let number = 0; number < 100_000; number += 1) {
      exposition.set(String(number), [sample(family, { number: String(number).padStart(100, '0') }, number)]);
    }
    await exposition.settle();
    const server = createServer({
      version: '1',
      tokens: { accepts: (given) => given === token, countScrape: () => {}, scrapes: [] },
      entries: [],
      ready: () => true,
      limits,
      log: quiet,
      exposition,
      live: () => [],
      processText: async () => '',
    });
    onTestFinished(() => server.close());
    const url = await server.listen({ host: '127.0.0.1', port: 0 });
    return { url, port: Number(new URL(url).port) };
  }

  test('one that reads a byte per second costs the others nothing and is cut off in the end', async () => {
    const limit = 2;
    const { url, port } = await serve({ inFlight: 2, duration: limit });
    const slow = connect(port, '127.0.0.1');
    onTestFinished(() => void slow.destroy());
    const ended = new Promise((resolve) => slow.on('close', resolve).on('error', resolve));
    const started = performance.now();
    slow.write(`GET /prometheus HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`);
    slow.pause();
    let scrapes = 0;
    for (; scrapes < 3 || performance.now() - started < limit * 1500; scrapes += 1) {
      slow.read(1);
      const answer = await fetch(`${url}/prometheus`, { headers: authorization });
      expect(answer.status).toBe(200);
      expect((await answer.text()).length).toBeGreaterThan(10_000_000);
    }
    slow.resume();
    await ended;
    expect(slow.bytesRead).toBeLessThan(10_000_000);
  });

  test('more at once than allowed are told to come again, and served when they do', async () => {
    const { url } = await serve({ inFlight: 2, duration: 20 });
    const stuck = [0, 1].map(
      () =>
        new Promise<{ destroy: () => void }>((resolve) => {
          get(`${url}/prometheus`, { headers: authorization, agent: false }, (response) => resolve(response.pause()));
        }),
    );
    const responses = await Promise.all(stuck);
    const refused = await fetch(`${url}/prometheus`, { headers: authorization });
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect((await fetch(`${url}/prometheus`)).status).toBe(401);
    for (const response of responses) response.destroy();
    for (let status = 503; status !== 200; )
      status = (await fetch(`${url}/prometheus`, { headers: authorization })).status;
  });
});
