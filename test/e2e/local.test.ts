import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installed, run } from '../support/programs.ts';
import { lookout, type Part, parts, port, processesOf, query, type RunningStack, start, until } from './stack.ts';

let state: string;
let stack: RunningStack;

beforeAll(async () => {
  state = mkdtempSync(join(tmpdir(), 'lookout-e2e-'));
  stack = await start(state);
});

afterAll(async () => {
  await stack?.stop();
  rmSync(state, { recursive: true, force: true });
});

interface Message {
  readonly kind: 'mail' | 'slack';
  readonly title: string;
  readonly state: 'firing' | 'resolved' | null;
  readonly labels: Readonly<Record<string, string>>;
}

async function messages(alert: string, told: 'firing' | 'resolved'): Promise<readonly Message[]> {
  const response = await fetch(`http://127.0.0.1:${port(state, 'inboxHttp')}/api/messages`);
  const all = (await response.json()) as readonly Message[];
  return all.filter((message) => message.labels['alertname'] === alert && message.state === told);
}

const verify = (...options: readonly string[]) => lookout(['verify', 'local', '--state', state, '--json', ...options]);
const kinds = (found: readonly Message[]) => [...new Set(found.map(({ kind }) => kind))].sort();
const pidOf = (all: readonly Part[], name: string) => all.find((part) => part.name === name)?.pid ?? 0;

describe('a local stack', () => {
  test('has every part healthy', async () => {
    const all = await parts(state);
    expect(all.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['prometheus', 'alertmanager', 'exporter', 'inbox', 'app', 'jobs']),
    );
    expect(all.filter((part) => part.state !== 'healthy')).toEqual([]);
  });

  test('answers at /prometheus with the token, and 401 without it', async () => {
    const url = `http://127.0.0.1:${port(state, 'exporter')}/prometheus`;
    const token = readFileSync(join(state, 'credentials/scrape-token'), 'utf8').trim();
    expect((await fetch(url)).status).toBe(401);
    const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    expect(answer.status).toBe(200);
    const text = await answer.text();
    expect(text).toContain('lookout_backup_last_complete_timestamp_seconds{backup="shop-database"}');
    expect(run(installed.promtool, ['check', 'metrics'], { input: text }), 'promtool has nothing to say').toBe('');
  });

  test('stands every proof of verify, a delivered message included', async () => {
    const verified = await until(
      'verify',
      async () => JSON.parse((await verify('--deliver')).stdout),
      ({ passed }) => passed,
      90,
    );
    expect(verified.results.map(({ name }: { name: string }) => name)).toContain('delivery');
  });

  test('tells an incident by mail and Slack, and its end', async () => {
    const incident = await lookout(['incident', 'backup-empty', '--state', state]);
    expect(incident.code, incident.stdout + incident.stderr).toBe(0);
    expect(kinds(await messages('BackupInvalid', 'firing'))).toEqual(['mail', 'slack']);
    const clear = await lookout(['incident', 'clear', '--state', state]);
    expect(clear.code, clear.stdout + clear.stderr).toBe(0);
    expect(kinds(await messages('BackupInvalid', 'resolved'))).toEqual(['mail', 'slack']);
  });

  test('recovers from kill -9 of Prometheus and has its data still', async () => {
    const before = pidOf(await parts(state), 'prometheus');
    const [sample] = await query(state, 'min_over_time(timestamp(up{job="lookout-exporter"})[1h:1s])');
    process.kill(before, 'SIGKILL');
    await until(
      'Prometheus to be healthy again',
      () => parts(state),
      (all) =>
        all.some(({ name, pid, state: phase }) => name === 'prometheus' && pid !== before && phase === 'healthy'),
    );
    const [after] = await query(state, 'min_over_time(timestamp(up{job="lookout-exporter"})[1h:1s])');
    expect(Number(after?.value[1])).toBeLessThanOrEqual(Number(sample?.value[1]) + 1);
  });

  test('ends with every part, and keeps its data over a restart', async () => {
    const [sample] = await query(state, 'min_over_time(timestamp(up{job="lookout-exporter"})[1h:1s])');
    expect(await stack.stop()).toBe(0);
    expect(processesOf(state)).toEqual([]);
    stack = await start(state);
    const [after] = await query(state, 'min_over_time(timestamp(up{job="lookout-exporter"})[1h:1s])');
    expect(Number(after?.value[1])).toBeLessThanOrEqual(Number(sample?.value[1]) + 1);
  });
});
