import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer, TLSSocket, type TlsOptions } from 'node:tls';
import { SMTPServer } from 'smtp-server';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import type { CertificateEndpointSource } from '../../exporter/config.ts';
import { run } from '../support/programs.ts';
import { runExporterIn, startUnready, until } from './support/exporter.ts';
import { temporaryFolder } from './support/folder.ts';
import { type Issued, openssl, read } from './support/openssl.ts';

const notAfter = 'lookout_certificate_not_after_timestamp_seconds';
let authority: Issued;
let middle: Issued;
let server: Issued;
let renewed: Issued;
let expired: Issued;

beforeAll(() => {
  const folder = run('mktemp', ['-d', '-t', 'lookout-endpoints-XXXXXX']).trim();
  const ca = openssl(folder);
  authority = ca.selfSigned({ name: 'root', authority: true });
  middle = ca.signedBy(authority, { name: 'middle', authority: true });
  server = ca.signedBy(middle, { name: 'server', names: 'DNS:shop.test' });
  renewed = ca.signedBy(middle, { name: 'renewed', names: 'DNS:shop.test', to: '20360601000000Z' });
  expired = ca.signedBy(middle, {
    name: 'expired',
    names: 'DNS:shop.test',
    from: '20200101000000Z',
    to: '20210101000000Z',
  });
  return () => void run('rm', ['-rf', folder]);
});

const chained = ({ certificate, key }: Issued): TlsOptions => ({
  cert: read(certificate) + read(middle.certificate),
  key: read(key),
});

async function listen(listener: Server, address = '127.0.0.1'): Promise<number> {
  const sockets = new Set<Socket>();
  listener.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => listener.listen(0, address, resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    listener.close();
  });
  return (listener.address() as AddressInfo).port;
}

function serveTls(options: TlsOptions, address?: string): Promise<number> {
  const server = createTlsServer(options, (socket) => socket.on('error', () => {})).on('tlsClientError', () => {});
  return listen(server, address);
}

function endpoint(port: number, more: Partial<CertificateEndpointSource> = {}): CertificateEndpointSource {
  return {
    name: 'web',
    host: '127.0.0.1',
    port,
    serverName: 'shop.test',
    authority: authority.certificate,
    expects: null,
    timeout: 5,
    ...more,
  };
}

async function readOne(source: CertificateEndpointSource, more: object = {}) {
  const exporter = await runExporterIn(temporaryFolder(), { certificateEndpoints: [source], ...more });
  return { exporter, ...(await exporter.scrape()) };
}

test('an endpoint whose chain leads to the declared authority is trusted, and all that it serves is read', async () => {
  const { value } = await readOne(endpoint(await serveTls(chained(server))));
  expect(value('lookout_certificate_handshake_success', { certificate: 'web' })).toBe(1);
  expect(value('lookout_certificate_trusted', { certificate: 'web' })).toBe(1);
  expect(
    value('lookout_certificate_info', { source: 'endpoint', chain_position: 'leaf', subject: 'O=Shop, CN=server' }),
  ).toBe(1);
  expect(value('lookout_certificate_info', { chain_position: 'intermediate', subject: 'O=Shop, CN=middle' })).toBe(1);
  expect(value(notAfter, { chain_position: 'leaf' })).toBe(Date.parse('2036-12-31T23:59:59Z') / 1000);
  expect(value(notAfter, { chain_position: 'root' }), 'the root is not served').toBeUndefined();
});

test.each([
  ['an expired certificate', () => chained(expired), {}, 'expired'],
  [
    'a chain without its intermediate certificate',
    () => ({ cert: read(server.certificate), key: read(server.key) }),
    {},
    'server',
  ],
  ['a certificate for another name', () => chained(server), { serverName: 'other.test' }, 'server'],
  ['a certificate of an authority that is not declared', () => chained(server), { authority: null }, 'server'],
])('%s is still read, and is not trusted', async (_, options, more, name) => {
  const { value, exporter } = await readOne(endpoint(await serveTls(options()), more));
  expect(value('lookout_certificate_handshake_success')).toBe(1);
  expect(value('lookout_certificate_trusted')).toBe(0);
  expect(value('lookout_source_up', { source: 'web' })).toBe(1);
  expect(value('lookout_certificate_info', { chain_position: 'leaf', subject: `O=Shop, CN=${name}` })).toBe(1);
  const [web] = (await exporter.explain()).filter(({ source }) => source === 'web');
  expect(web?.reading).toMatchObject({ distrust: expect.stringMatching(/\S/) });
});

test('the server is told the declared name and not the address', async () => {
  const names: string[] = [];
  const port = await serveTls({
    ...chained(server),
    SNICallback: (name, done) => {
      names.push(name);
      done(null);
    },
  });
  await readOne(endpoint(port));
  expect(names).toEqual(['shop.test']);
});

test.each([
  { what: 'offers protocols that are not asked for', options: { ALPNProtocols: ['h2', 'http/1.1'] } },
  { what: 'speaks nothing newer than TLS 1.2', options: { maxVersion: 'TLSv1.2' as const } },
  { what: 'asks for a certificate of the client', options: { requestCert: true, rejectUnauthorized: true } },
])('a server that $what is read', async ({ options }) => {
  const { value } = await readOne(endpoint(await serveTls({ ...chained(server), ...options })));
  expect(value('lookout_certificate_trusted')).toBe(1);
});

const hasVersion6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));

test.skipIf(!hasVersion6)('a server behind an address of version 6 is read', async () => {
  const port = await serveTls(chained(server), '::1');
  const { value } = await readOne(endpoint(port, { host: '::1' }));
  expect(value('lookout_certificate_trusted')).toBe(1);
});

test('a server that is silent keeps no other one waiting, and each has its own patience', async () => {
  const silent = await listen(createTcpServer());
  const certificateEndpoints = [
    endpoint(silent, { name: 'short', timeout: 0.3 }),
    endpoint(silent, { name: 'long', timeout: 3 }),
    endpoint(await serveTls(chained(server))),
  ];
  const exporter = await startUnready(temporaryFolder(), { certificateEndpoints });
  const errors = (name: string) => exporter.scrape().then(({ value }) => value(failures, { source: name }));
  const failures = 'lookout_source_errors_total';
  await until(async () => (await errors('short')) === 1);
  expect((await exporter.scrape()).value('lookout_certificate_trusted', { certificate: 'web' })).toBe(1);
  expect(await errors('long')).toBeUndefined();
  await until(async () => (await errors('long')) === 1);
  const messages = (await exporter.explain()).map(({ message }) => message);
  expect(messages).toContain(`could not shake hands with 127.0.0.1:${silent}: no handshake within 3 s`);
});

test('a host of the hosts file is found without a name server', async () => {
  const port = await serveTls(chained(server));
  const { value } = await readOne(endpoint(port, { host: 'localhost' }));
  expect(value('lookout_certificate_handshake_success')).toBe(1);
});

test.each<readonly [string, string, () => Promise<CertificateEndpointSource>]>([
  ['a closed port', 'connection_refused', async () => endpoint(await freePort())],
  [
    'a server that accepts and never answers',
    'timeout',
    async () => endpoint(await listen(createTcpServer()), { timeout: 0.3 }),
  ],
  [
    'a server that hangs up',
    'connection_reset',
    async () => endpoint(await listen(createTcpServer((socket) => socket.destroy()))),
  ],
  [
    'a server that does not speak TLS',
    'handshake_failed',
    async () =>
      endpoint(await listen(createTcpServer((socket) => void socket.on('error', () => {}).write('220 mail.test\r\n')))),
  ],
  ['a host that no one knows', 'name_not_resolved', async () => endpoint(443, { host: 'nobody.invalid' })],
])('%s is told by its reason', async (_, reason, source) => {
  const { value } = await readOne(await source());
  expect(value('lookout_source_errors_total', { source: 'web', reason })).toBe(1);
  expect(value('lookout_certificate_handshake_success')).toBe(0);
  expect(value('lookout_certificate_trusted')).toBe(0);
  expect(value(notAfter, { chain_position: 'leaf' })).toBe(0);
});

test('a server that stops answering keeps the last known end of its certificate', async () => {
  const listener = createTlsServer(chained(server));
  const port = await listen(listener);
  const { exporter, value } = await readOne(endpoint(port), { interval: 0.3 });
  expect(value(notAfter, { chain_position: 'leaf' })).toBeGreaterThan(0);
  listener.close();
  await until(async () => (await exporter.scrape()).value('lookout_certificate_handshake_success') === 0);
  expect((await exporter.scrape()).value(notAfter, { chain_position: 'leaf' })).toBe(
    value(notAfter, { chain_position: 'leaf' }),
  );
});

test('the served certificate is compared with the stored one, also when only one of them changes', async () => {
  const folder = temporaryFolder();
  const stored = join(folder, 'web.pem');
  writeFileSync(stored, read(server.certificate) + read(middle.certificate));
  const listener = createTlsServer(chained(server));
  const port = await listen(listener);
  const exporter = await runExporterIn(folder, {
    interval: 0.3,
    certificateFiles: [{ name: 'stored-web', path: stored }],
    certificateEndpoints: [endpoint(port, { expects: 'stored-web' }), endpoint(port, { name: 'proxied' })],
  });
  const matches = async () =>
    (await exporter.scrape()).value('lookout_certificate_served_matches_stored', {
      certificate: 'web',
      stored: 'stored-web',
    });
  expect(await matches()).toBe(1);
  const families = (await exporter.scrape()).samples.filter(({ name }) => name.endsWith('served_matches_stored'));
  expect(families).toHaveLength(1);

  writeFileSync(stored, read(renewed.certificate) + read(middle.certificate));
  await until(async () => (await matches()) === 0);
  listener.setSecureContext(chained(renewed));
  await until(async () => (await matches()) === 1);
});

test('an authority file that cannot be read is a source of its own, and the endpoint is read all the same', async () => {
  const { value } = await readOne(endpoint(await serveTls(chained(server)), { authority: '/nowhere/ca.pem' }));
  expect(value('lookout_source_up', { source: 'web/authority' })).toBe(0);
  expect(value('lookout_source_errors_total', { source: 'web/authority', reason: 'not_found' })).toBe(1);
  expect(value('lookout_certificate_handshake_success')).toBe(1);
  expect(value('lookout_certificate_trusted')).toBe(0);
});

test('TLS that is asked for in SMTP is read from a real mail server', async () => {
  const options = { secure: false, cert: read(server.certificate) + read(middle.certificate), key: read(server.key) };
  const mail = new SMTPServer({ ...options, disabledCommands: ['AUTH'] });
  await new Promise<void>((resolve) => void mail.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => mail.close(() => resolve())));
  const { port } = mail.server.address() as AddressInfo;
  const { value } = await readOne(endpoint(port, { starttls: 'smtp' }));
  expect(value('lookout_certificate_trusted')).toBe(1);
  expect(value('lookout_certificate_info', { chain_position: 'leaf', subject: 'O=Shop, CN=server' })).toBe(1);
});

/** Answers what matches, the greeting first, and begins TLS after the last answer. */
function upgrading(greeting: string, ...turns: readonly (readonly [RegExp | string, string])[]): Server {
  return createTcpServer((socket) => {
    socket.on('error', () => {}).write(greeting);
    let turn = 0;
    const converse = (bytes: Buffer) => {
      const [said, answer] = turns[turn] ?? ['', ''];
      expect(bytes.toString('latin1')).toMatch(said);
      socket.write(answer);
      turn += 1;
      if (turn < turns.length) return;
      socket.off('data', converse).pause();
      new TLSSocket(socket, { ...chained(server), isServer: true }).on('error', () => {});
    };
    socket.on('data', converse);
  });
}

test.each<readonly [CertificateEndpointSource['starttls'] & string, Server]>([
  ['imap', upgrading('* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n', [/^a STARTTLS\r\n$/, 'a OK begin now\r\n'])],
  ['postgres', upgrading('', ['\0\0\0\x08\x04\xd2\x16\x2f', 'S'])],
  [
    'smtp',
    upgrading(
      '220-welcome\r\n220 mail.test\r\n',
      [/^EHLO \S+\r\n$/, '250-mail.test\r\n250 STARTTLS\r\n'],
      [/^STARTTLS\r\n$/, '220 go ahead\r\n'],
    ),
  ],
])('TLS that is asked for in %s is read after its greeting', async (starttls, listener) => {
  const { value } = await readOne(endpoint(await listen(listener), { starttls }));
  expect(value('lookout_certificate_trusted')).toBe(1);
});

test.each<readonly [CertificateEndpointSource['starttls'] & string, string, string]>([
  ['smtp', '554 no service here\r\n', 'handshake_failed'],
  ['imap', '* BYE too busy\r\n', 'handshake_failed'],
  ['postgres', 'N', 'handshake_failed'],
  ['smtp', '2'.repeat(100_000), 'handshake_failed'],
])('a server that refuses TLS in %s is told by its reason', async (starttls, said, reason) => {
  const refusing = createTcpServer((socket) => void socket.on('error', () => {}).write(said));
  const { value, exporter } = await readOne(endpoint(await listen(refusing), { starttls }));
  expect(value('lookout_source_errors_total', { source: 'web', reason })).toBe(1);
  const [web] = (await exporter.explain()).filter(({ source }) => source === 'web');
  expect(web?.message).toContain('the server did not begin TLS when asked to');
  expect(web?.message?.length).toBeLessThan(300);
});

test.each(['smtp', 'imap', 'postgres'] as const)(
  'a server that stays silent in %s, and one that hangs up, are told apart',
  async (starttls) => {
    const silent = await readOne(endpoint(await listen(createTcpServer()), { starttls, timeout: 0.3 }));
    expect(silent.value('lookout_source_errors_total', { reason: 'timeout' })).toBe(1);
    const gone = await readOne(endpoint(await listen(createTcpServer((socket) => socket.destroy())), { starttls }));
    expect(gone.value('lookout_source_errors_total', { reason: 'connection_reset' })).toBe(1);
  },
);

async function freePort(): Promise<number> {
  const listener = createTcpServer();
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address() as AddressInfo;
  await new Promise((resolve) => listener.close(resolve));
  return port;
}
