/**
 * Records what the conventions of databases and their dashboard are proven on: `node test/dashboards/record/databases.ts`.
 * Runs PostgreSQL with pgbench, Redis with a replica, and their exporters, all as found on PATH (Debian: postgresql,
 * redis-server, prometheus-postgres-exporter, prometheus-redis-exporter), and after a quarter of an hour writes what Prometheus
 * had scraped to test/fixtures/dashboards/databases/.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { installed, run } from '../../support/programs.ts';
import { prometheusApi } from '../proof/api.ts';
import { writeRecording } from '../proof/recording.ts';
import { freePort } from '../proof/server.ts';
import { collect } from './collect.ts';

const minutes = 11;
const step = 5;
const namespace = 'shop';
/** Whoever is user 0 runs PostgreSQL as nobody: it refuses user 0. */
const asNobody =
  process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--no-new-privs'] : [];

const directory = mkdtempSync(join(tmpdir(), 'lookout-record-'));
chmodSync(directory, 0o777);
const running: ChildProcess[] = [];
try {
  const postgres = await startPostgres();
  const redis = await startRedis();
  const targets = {
    shop: await startExporter('prometheus-postgres-exporter', '--web.listen-address', {
      DATA_SOURCE_URI: `127.0.0.1:${postgres}/postgres?sslmode=disable`,
      DATA_SOURCE_USER: 'lookout',
      DATA_SOURCE_PASS: 'recorder',
    }),
    queue: await startExporter('prometheus-redis-exporter', '-web.listen-address', {
      REDIS_ADDR: `redis://127.0.0.1:${redis}`,
    }),
  };
  const api = prometheusApi(await startPrometheus(targets));
  await sleep(20_000);
  await sleep(minutes * 60_000);
  const recording = await collect(api, Math.floor(Date.now() / 1000), minutes * 60, step, versions(), neutral);
  const out = resolve(import.meta.dirname, '../../fixtures/dashboards/databases/recording.json.gz');
  mkdirSync(join(out, '..'), { recursive: true });
  writeRecording(out, recording);
} finally {
  for (const child of running.reverse()) await end(child);
  rmSync(directory, { recursive: true, force: true });
}

/** Ports are chosen anew each time, and directories too. */
function neutral(value: string): string {
  return value.replaceAll(directory, '/state').replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:1');
}

function versions() {
  const version = (program: string, ...args: readonly string[]) =>
    /(\d+\.\d+(\.\d+)?)/.exec(run(program, [...args]))?.[1] ?? '';
  return {
    prometheus: version(installed.prometheus, '--version'),
    postgres: version('postgres', '--version'),
    redis: version('redis-server', '--version'),
    'postgres-exporter': version('sh', '-c', 'prometheus-postgres-exporter --version 2>&1'),
    'redis-exporter': version('sh', '-c', 'prometheus-redis-exporter -version 2>&1'),
  };
}

/** A shop of pgbench with some twenty transactions a second, one connection that forgot to end its own, and a deadlock. */
async function startPostgres(): Promise<number> {
  const port = await freePort();
  const data = join(directory, 'postgres');
  const nobody = (program: string, ...args: readonly string[]) => {
    const [first = '', ...rest] = [...asNobody, program, ...args];
    return [first, rest] as const;
  };
  execFileSync(...nobody('initdb', '--pgdata', data, '--no-sync', '--username=lookout', '--auth=trust'), {
    stdio: 'ignore',
  });
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=40'];
  start(...nobody('postgres', '-D', data, '-p', `${port}`, ...settings.flatMap((one) => ['-c', one])));
  const at = ['-h', '127.0.0.1', '-p', `${port}`, '-U', 'lookout', 'postgres'];
  await until(() => void execFileSync('pg_isready', at.slice(0, 4), { stdio: 'ignore' }));
  execFileSync('pgbench', ['-i', '-q', ...at], { stdio: 'ignore' });
  start('pgbench', ['-c', '4', '-R', '20', '-T', `${minutes * 60 + 120}`, ...at]);
  const statement = (sql: string) => start('psql', [...at, '-c', sql]);
  const rows = (first: number, second: number) =>
    `begin; update pgbench_branches set filler = 'x' where bid = ${first}; select pg_sleep(3); update pgbench_tellers set filler = 'x' where tid = ${second}; commit`;
  const crossed = `begin; update pgbench_tellers set filler = 'x' where tid = 1; select pg_sleep(3); update pgbench_branches set filler = 'x' where bid = 1; commit`;
  setTimeout(() => {
    statement(rows(1, 1));
    statement(crossed);
  }, 240_000).unref();
  const forgetful = start('psql', at, 'pipe');
  forgetful.stdin?.write('begin;\nselect 1;\n');
  return port;
}

/** A queue with a limit of memory, an append-only file and a replica. */
async function startRedis(): Promise<number> {
  const [port, other] = [await freePort(), await freePort()];
  const folder = (name: string) => {
    mkdirSync(join(directory, name));
    return ['--bind', '127.0.0.1', '--dir', join(directory, name)];
  };
  const limits = ['--maxmemory', '256mb', '--maxmemory-policy', 'noeviction'];
  start('redis-server', ['--port', `${port}`, '--appendonly', 'yes', ...limits, ...folder('redis')]);
  start('redis-server', ['--port', `${other}`, '--replicaof', `127.0.0.1 ${port}`, ...folder('replica')]);
  const repeat = (...command: readonly string[]) =>
    start('redis-cli', ['-p', `${port}`, '-r', '-1', '-i', '0.05', ...command]);
  await until(() => void execFileSync('redis-cli', ['-p', `${port}`, 'ping'], { stdio: 'ignore' }));
  repeat('incr', 'orders');
  repeat('get', 'orders');
  repeat('get', 'nothing');
  return port;
}

async function startExporter(program: string, flag: string, env: Readonly<Record<string, string>>): Promise<string> {
  const address = `127.0.0.1:${await freePort()}`;
  start(program, [`${flag}=${address}`], 'ignore', env);
  await until(async () => void (await fetch(`http://${address}/metrics`)));
  return address;
}

async function startPrometheus(targets: Readonly<Record<string, string>>): Promise<string> {
  const address = `127.0.0.1:${await freePort()}`;
  const config = join(directory, 'prometheus.yml');
  const jobs = Object.entries(targets).map(([database, target]) => ({
    job_name: `lookout-database-${database}`,
    static_configs: [{ targets: [target], labels: { namespace, database } }],
  }));
  writeFileSync(config, JSON.stringify({ global: { scrape_interval: `${step}s` }, scrape_configs: jobs }));
  start(installed.prometheus, [
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(directory, 'data')}`,
    `--web.listen-address=${address}`,
  ]);
  await until(async () => {
    if (!(await fetch(`http://${address}/-/ready`)).ok) throw new Error('not ready');
  });
  return address;
}

function start(
  program: string,
  args: readonly string[],
  stdin: 'ignore' | 'pipe' = 'ignore',
  env: Readonly<Record<string, string>> = {},
): ChildProcess {
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: [stdin, 'ignore', 'inherit'] });
  running.push(child);
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGINT');
  await exit;
}

async function until(attempt: () => void | Promise<void>): Promise<void> {
  for (let left = 100; ; left -= 1) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 0) throw error;
      await sleep(200);
    }
  }
}
