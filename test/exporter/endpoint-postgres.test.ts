import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runExporterIn, until } from './support/exporter.ts';
import { temporaryFolder } from './support/folder.ts';
import { openssl } from './support/openssl.ts';

const versions = '/usr/lib/postgresql';
const programs = existsSync(versions) ? readdirSync(versions).map((version) => join(versions, version, 'bin')) : [];
const folder = programs.find((path) => existsSync(join(path, 'postgres')));
const reason = folder === undefined ? 'PostgreSQL is not installed' : undefined;

/** PostgreSQL refuses to run as root. */
const asNobody = process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--'] : [];

test.skipIf(reason !== undefined)(
  `the certificate of a real PostgreSQL is read, and that it has none is told${reason === undefined ? '' : ` (${reason})`}`,
  async () => {
    const own = temporaryFolder();
    const authority = openssl(own).selfSigned({ name: 'root', authority: true });
    const issued = openssl(own).signedBy(authority, { name: 'db', names: 'DNS:db.test', to: '20290101000000Z' });
    const encrypted = await startPostgres(own, 'encrypted', issued);
    const plain = await startPostgres(own, 'plain', null);
    const endpoint = { host: '127.0.0.1', serverName: 'db.test', authority: authority.certificate, expects: null };
    const exporter = await runExporterIn(own, {
      interval: 0.3,
      certificateEndpoints: [
        { ...endpoint, name: 'encrypted', port: encrypted, timeout: 5, starttls: 'postgres' },
        { ...endpoint, name: 'plain', port: plain, timeout: 5, starttls: 'postgres' },
      ],
    });
    await until(
      async () => (await exporter.scrape()).value('lookout_certificate_trusted', { certificate: 'encrypted' }) === 1,
    );
    const { value } = await exporter.scrape();
    const leaf = { certificate: 'encrypted', chain_position: 'leaf' };
    expect(value('lookout_certificate_not_after_timestamp_seconds', leaf)).toBe(Date.UTC(2029, 0, 1) / 1000);
    const refused = 'the server did not begin TLS when asked to: N';
    await until(async () => (await exporter.explain()).some(({ message }) => message?.includes(refused) === true));
  },
);

/** Ready after a while; ended with the test. Gives its port. */
async function startPostgres(
  parent: string,
  name: string,
  issued: { readonly certificate: string; readonly key: string } | null,
): Promise<number> {
  const [data, port] = [join(parent, name), await freePort()];
  chmodSync(parent, 0o777);
  const run = (program: string, ...args: readonly string[]) => [...asNobody, join(folder ?? '', program), ...args];
  const [first = '', ...rest] = run('initdb', '--pgdata', data, '--no-sync', '--username=test');
  execFileSync(first, rest, { stdio: 'ignore' });
  const files = ['server.crt', 'server.key'].map((file) => join(data, file)) as [string, string];
  if (issued !== null) {
    copyFileSync(issued.certificate, files[0]);
    copyFileSync(issued.key, files[1]);
    if (asNobody.length > 0) execFileSync('chown', ['65534:65534', ...files]);
    chmodSync(files[1], 0o600);
  }
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', `ssl=${issued === null ? 'off' : 'on'}`];
  const [program = '', ...args] = run(
    'postgres',
    '-D',
    data,
    '-p',
    `${port}`,
    ...settings.flatMap((one) => ['-c', one]),
  );
  const server = spawn(program, args, { stdio: 'ignore' });
  onTestFinished(async () => {
    server.kill('SIGINT');
    if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
  });
  return port;
}

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  listener.close();
  await once(listener, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
