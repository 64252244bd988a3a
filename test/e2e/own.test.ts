import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import bcrypt from 'bcryptjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lookout, processesOf, type RunningStack, reload, start, until } from './stack.ts';

/** What a newcomer has: a directory of dumps, a web site, an application with metrics. Nothing of it is Lookout's. */
let world: string;
let state: string;
let stack: RunningStack;
let site: Server;
let application: Server;

beforeAll(async () => {
  world = mkdtempSync(join(tmpdir(), 'lookout-own-'));
  state = join(world, 'state');
  mkdirSync(join(world, 'dumps'));
  mkdirSync(join(world, 'watch'));
  const today = new Date().toISOString().slice(0, 10).replaceAll('-', '');
  writeFileSync(join(world, 'dumps', `site_${today}_0001.tar.gz`), gzipSync(Buffer.alloc(50_000, 'x')));
  const past = new Date(Date.now() - 600_000);
  utimesSync(join(world, 'dumps', `site_${today}_0001.tar.gz`), past, past);
  const certificate = selfSigned(world);
  site = createTlsServer(certificate, (_request, response) => response.end('hello')).listen(0, '127.0.0.1');
  application = createServer((_request, response) => response.end('side_jobs_total 7\n')).listen(0, '127.0.0.1');
  await Promise.all([once(site, 'listening'), once(application, 'listening')]);
  writeEnvironment('');
  stack = await start(state, join(world, 'watch'));
});

afterAll(async () => {
  await stack?.stop();
  for (const server of [site, application]) server?.close();
  rmSync(world, { recursive: true, force: true });
});

const portOf = (server: Server) => (server.address() as AddressInfo).port;

function writeEnvironment(more: string, convention = ''): void {
  writeFileSync(
    join(world, 'watch/environment.yaml'),
    `platform: local
namespace: home
pace: 15
backups:
  - name: site
    directory: ../dumps
    pattern: site_%Y%m%d_%H%M.tar.gz
    engine: files
    schedule: 0 0 * * *
certificates:
  endpoints:
    - name: www
      address: 127.0.0.1:${portOf(site)}
      serverName: localhost
      authority: ../site.pem
applications:
  - name: side
    metrics: { address: "127.0.0.1:${portOf(application)}", path: /metrics }
    ${convention}
${more}`,
  );
}

function selfSigned(directory: string): { key: string; cert: string } {
  const [key, cert] = [join(directory, 'site.key'), join(directory, 'site.pem')];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '60', '-keyout', key, '-out', cert, ...names],
    { stdio: 'ignore' },
  );
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
}

/** Names of the checks that failed. */
async function failed(...options: readonly string[]): Promise<readonly string[]> {
  const { stdout, stderr } = await lookout(['verify', join(world, 'watch'), '--state', state, '--json', ...options]);
  if (stdout === '') throw new Error(stderr);
  const { results } = JSON.parse(stdout) as { results: readonly { name: string; outcome: string }[] };
  return results.filter(({ outcome }) => outcome === 'failed').map(({ name }) => name);
}

const settled = () =>
  until(
    'verify to pass',
    () => failed(),
    (names) => names.length === 0,
    90,
  );
const config = (path: string) => join(state, 'config', path);

describe("a user's own backups, web site and application", () => {
  test('are watched without the demonstration, and pass every proof, delivery included', async () => {
    await settled();
    expect(await failed('--deliver')).toEqual([]);
    expect(processesOf(state).some((line) => line.includes('demo/app'))).toBe(false);
  });

  test('are only read', () => {
    expect(statSync(join(world, 'dumps')).mtimeMs).toBeLessThan(stack.startedAt);
  });
});

describe('verify finds what is broken, and only that:', () => {
  /** Breaks one thing, waits until just that check (or those, with commas between) fails and no consequence of the change itself is left, and repairs it. */
  async function onlyFails(check: string, change: () => unknown, repair: () => unknown): Promise<void> {
    await settled();
    await change();
    try {
      await until(
        `only ${check} to fail`,
        () => failed(),
        (names) => names.join() === check,
        40,
      );
    } finally {
      await repair();
    }
  }

  /** Changes a file for the time of a test. */
  function edited(path: string, change: (content: string) => string, then: () => unknown = () => {}) {
    const original = readFileSync(path, 'utf8');
    return {
      change: async () => {
        writeFileSync(path, change(original));
        await then();
      },
      repair: () => writeFileSync(path, original),
    };
  }

  test('credentials that others can read', async () => {
    const file = join(state, 'credentials/scrape-token');
    await onlyFails(
      'credentials-private',
      () => chmodSync(file, 0o644),
      () => chmodSync(file, 0o600),
    );
  });

  test('a default password that Prometheus accepts', async () => {
    const { repair } = edited(config('prometheus/web.yml'), (text) => text);
    const admin = `\n  admin: ${bcrypt.hashSync('admin', 4)}\n`;
    await onlyFails('web-authentication', () => appendFileSync(config('prometheus/web.yml'), admin), repair);
  });

  test('a scrape token that everybody guesses', async () => {
    const { change, repair } = edited(
      config('exporter/credentials/scrape-token'),
      (token) => `${token.trim()}\nadmin\n`,
    );
    await onlyFails('scrape-authentication', change, repair);
  });

  test('a file that is not what the environment builds', async () => {
    const { change, repair } = edited(config('grafana/dashboards/lookout-stack.json'), (text) => `${text} `);
    await onlyFails('configuration-applied', change, repair);
  });

  test('a retention that is declared and not in force', async () => {
    const declare = () => writeEnvironment('prometheus: { retention: { time: 90d } }\n');
    await onlyFails('persistence', declare, () => writeEnvironment(''));
  });

  test('a rule group that Prometheus has not loaded', async () => {
    const path = config('prometheus/rules/exporter.yml');
    const { change, repair } = edited(
      path,
      () => 'groups: []\n',
      () => reload(state, 'prometheus'),
    );
    const hidden = async () => {
      await change();
      repair();
    };
    await onlyFails('rules-healthy', hidden, () => reload(state, 'prometheus'));
  });

  test('a receiver that Alertmanager has not loaded', async () => {
    const path = config('alertmanager/alertmanager.yml');
    const without = 'route: { receiver: nobody }\nreceivers: [{ name: nobody }]\n';
    const { change, repair } = edited(
      path,
      () => without,
      () => reload(state, 'alertmanager'),
    );
    const hidden = async () => {
      await change();
      repair();
    };
    await onlyFails('configuration-applied,alert-path', hidden, () => reload(state, 'alertmanager'));
  });

  test('a target that does not answer', async () => {
    const { port: usual } = application.address() as AddressInfo;
    const close = async () => {
      application.closeAllConnections();
      application.close();
    };
    const open = async () => {
      application.listen(usual, '127.0.0.1');
      await once(application, 'listening');
    };
    await onlyFails('targets-up', close, open);
  });

  test('messages that do not arrive', async () => {
    await settled();
    writeEnvironment(
      'alertmanager: { email: { smarthost: "127.0.0.1:9", from: a@example.test, to: [b@example.test], tls: false } }\n',
    );
    await stack.stop();
    stack = await start(state, join(world, 'watch'));
    await settled();
    expect(await failed('--deliver')).toEqual(['delivery']);
  });

  test('alerts and panels without data, of an application that names its metrics otherwise', async () => {
    writeEnvironment('', 'convention: prom-client');
    await stack.stop();
    stack = await start(state, join(world, 'watch'));
    expect(
      await until(
        'the panels to be missed',
        () => failed(),
        (names) => names.length > 0,
        30,
      ),
    ).toEqual(['alerts-have-series', 'panels-have-data']);
  });
});
