import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { readPem } from '../../exporter/collectors/certificates/pem.ts';
import { run } from '../support/programs.ts';
import { runExporterIn, until } from './support/exporter.ts';
import { temporaryFolder } from './support/folder.ts';
import { mountMemory, withoutMount } from './support/mounts.ts';
import { defaultFrom, defaultTo, openssl, read } from './support/openssl.ts';

const seconds = (text: string) =>
  Date.parse(text.replace(/(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z/, '$1-$2-$3T$4:$5:$6Z')) / 1000;

const leaf = { chain_position: 'leaf' };

/** The layout of Certbot's documentation, "Where are my certificates?", after the third issuance. */
function certbot(folder: string, certificate: string): void {
  const [archive, live] = ['archive', 'live'].map((name) => join(folder, 'letsencrypt', name, 'shop.test'));
  mkdirSync(archive!, { recursive: true });
  mkdirSync(live!, { recursive: true });
  writeFileSync(join(archive!, 'fullchain3.pem'), read(certificate));
  symlinkSync('../../archive/shop.test/fullchain3.pem', join(live!, 'fullchain.pem'));
}
const notAfter = 'lookout_certificate_not_after_timestamp_seconds';

test('a certificate file gives validity and identity of its leaf, as openssl reads them', async () => {
  const folder = temporaryFolder();
  const { certificate } = openssl(folder).selfSigned({
    name: 'shop',
    names: 'DNS:shop.test,DNS:www.shop.test,IP:127.0.0.1',
  });
  const files = [{ name: 'shop-web', path: certificate }];
  const { value, samples } = await (await runExporterIn(folder, { certificateFiles: files })).scrape();

  expect(value(notAfter, { certificate: 'shop-web', source: 'file', ...leaf })).toBe(seconds(defaultTo));
  expect(value('lookout_certificate_not_before_timestamp_seconds', leaf)).toBe(seconds(defaultFrom));
  const said = (option: string) =>
    run('openssl', ['x509', '-in', certificate, '-noout', ...option.split(' ')])
      .trim()
      .split('=')[1];
  expect(samples.find(({ name }) => name === 'lookout_certificate_info')?.labels).toMatchObject({
    subject: 'O=Shop, CN=shop',
    issuer: 'O=Shop, CN=shop',
    serial: said('-serial'),
    fingerprint: said('-fingerprint -sha256')?.replaceAll(':', '').toLowerCase(),
    dns_names: 'shop.test,www.shop.test',
  });
});

describe('the certificates of a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lookout-certificates-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const ca = openssl(folder);
  const authority = ca.selfSigned({ name: 'root', authority: true });
  const middle = ca.signedBy(authority, { name: 'middle', authority: true, to: '20300101000000Z' });
  const server = ca.signedBy(middle, { name: 'server', names: 'DNS:shop.test', to: '20280101000000Z' });
  const older = ca.signedBy(middle, { name: 'older', names: 'DNS:shop.test', to: '20270101000000Z' });
  const bundle = [server, middle, authority].map(({ certificate }) => read(certificate)).join('');
  const trusted = run('openssl', ['x509', '-in', server.certificate, '-trustout', '-addtrust', 'serverAuth']);

  test.each([
    ['several blocks', bundle, 3],
    ['the key first', read(server.key) + bundle, 3],
    ['line ends of Windows', bundle.replaceAll('\n', '\r\n'), 3],
    ['a byte order mark', `\ufeff${bundle}`, 3],
    [
      'text between the blocks',
      `subject=CN = shop\n${bundle.replaceAll('-----BEGIN', 'Bag Attributes\n-----BEGIN')}`,
      3,
    ],
    ['a trusted certificate of OpenSSL', trusted, 1],
    ['the old label', bundle.replaceAll('CERTIFICATE-----', 'X509 CERTIFICATE-----'), 3],
  ])('are read with %s', (_, text, count) => {
    const { certificates, problem } = readPem('shop.pem', text);
    expect(problem).toBeNull();
    expect(certificates).toHaveLength(count);
  });

  test.each([
    ['nothing', '', 'no_certificate_found'],
    ['garbage', 'garbage \0 \uffff', 'no_certificate_found'],
    ['only a key', read(server.key), 'no_certificate_found'],
    ['a truncated block', read(server.certificate).slice(0, 400), 'bad_pem'],
    [
      'a block of garbage',
      '-----BEGIN CERTIFICATE-----\nbm90IGEgY2VydGlmaWNhdGU=\n-----END CERTIFICATE-----\n',
      'bad_pem',
    ],
  ])('are not there with %s, and the reason says so', (_, text, reason) => {
    const { certificates, problem } = readPem('shop.pem', text);
    expect(certificates).toHaveLength(0);
    expect(problem).toMatchObject({ reason });
    expect(problem?.message).toContain('shop.pem');
  });

  test('are still given beside a block that is broken', () => {
    const broken = bundle + read(older.certificate).slice(0, 300);
    expect(readPem('shop.pem', broken)).toMatchObject({ certificates: { length: 3 }, problem: { reason: 'bad_pem' } });
    const truncatedFirst = read(older.certificate).slice(0, 300) + bundle;
    expect(readPem('shop.pem', truncatedFirst)).toMatchObject({
      certificates: { length: 3 },
      problem: { reason: 'bad_pem' },
    });
  });

  test('never make the reading fail, whatever the bytes are', () => {
    const one = read(server.certificate);
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('-----BEGIN CERTIFICATE-----', '-----END CERTIFICATE-----', '\n', 'MIIB', '-----BEGIN '),
      fc.nat(one.length).map((length) => one.slice(0, length)),
      fc.nat(one.length).map((start) => one.slice(start)),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 5 }), (pieces) => {
        const { certificates, problem } = readPem('shop.pem', pieces.join(''));
        if (certificates.length === 0) expect(problem?.reason).toMatch(/^(bad_pem|no_certificate_found)$/);
      }),
      { numRuns: 10_000 },
    );
  });

  test('are told apart by their place in the chain, and the earliest end at each place counts', async () => {
    const own = temporaryFolder();
    writeFileSync(join(own, 'chain.pem'), bundle + read(older.certificate));
    const files = [{ name: 'chain', path: join(own, 'chain.pem') }];
    const { value } = await (await runExporterIn(own, { certificateFiles: files })).scrape();
    expect(value(notAfter, leaf)).toBe(seconds('20270101000000Z'));
    expect(value(notAfter, { chain_position: 'intermediate' })).toBe(seconds('20300101000000Z'));
    expect(value(notAfter, { chain_position: 'root' })).toBe(seconds(defaultTo));
    expect(value('lookout_certificate_info', { ...leaf, subject: 'O=Shop, CN=older' })).toBe(1);
  });

  test('are read through links as Certbot and the kubelet make them, and again when a link is turned', async () => {
    const own = temporaryFolder();
    mkdirSync(join(own, '..2026'));
    writeFileSync(join(own, '..2026', 'tls.crt'), read(server.certificate));
    symlinkSync('..2026', join(own, '..data'));
    symlinkSync('..data/tls.crt', join(own, 'tls.crt'));
    const files = [{ name: 'tls', path: join(own, 'tls.crt') }];
    const exporter = await runExporterIn(own, { certificateFiles: files, interval: 0.3 });
    expect((await exporter.scrape()).value(notAfter, leaf)).toBe(seconds('20280101000000Z'));

    mkdirSync(join(own, '..2027'));
    writeFileSync(join(own, '..2027', 'tls.crt'), read(older.certificate));
    symlinkSync('..2027', join(own, '..new'));
    renameSync(join(own, '..new'), join(own, '..data'));
    await until(async () => (await exporter.scrape()).value(notAfter, leaf) === seconds('20270101000000Z'));

    rmSync(join(own, '..data'));
    await until(async () => (await exporter.scrape()).value('lookout_source_up') === 0);
    const gone = await exporter.scrape();
    expect(gone.value(notAfter, leaf)).toBe(seconds('20270101000000Z'));
    expect(gone.value('lookout_source_errors_total', { reason: 'broken_symlink' })).toBeGreaterThan(0);
    const [explained] = await exporter.explain();
    expect(explained?.message).toBe(`${join(own, 'tls.crt')} is a link to ..data/tls.crt, which is not there`);
  });

  test('are found where Certbot keeps them, and are to be renewed with a third of their life left', async () => {
    const own = temporaryFolder();
    certbot(own, server.certificate);
    const live = join(own, 'letsencrypt', 'live', 'shop.test');
    writeFileSync(join(own, 'copy.pem'), read(server.certificate));
    const files = [
      { name: 'certbot', path: join(live, 'fullchain.pem') },
      { name: 'copy', path: join(own, 'copy.pem') },
    ];
    const { value } = await (await runExporterIn(own, { certificateFiles: files })).scrape();
    const [begin, end] = [defaultFrom, '20280101000000Z'].map(seconds) as [number, number];
    expect(value(notAfter, { ...leaf, certificate: 'certbot' })).toBe(end);
    const renewal = 'lookout_certificate_renewal_timestamp_seconds';
    expect(value(renewal, { certificate: 'certbot' })).toBe(end - (end - begin) / 3);
    expect(value(renewal, { certificate: 'copy' }), 'nothing is known to renew it').toBeUndefined();
  });

  test('stay declared with an unknown end when the file never could be read, and the rest is read', async () => {
    const own = temporaryFolder();
    writeFileSync(join(own, 'garbage.pem'), 'garbage');
    run('mkfifo', [join(own, 'pipe.pem')]);
    const files = ['garbage', 'pipe', 'missing'].map((name) => ({ name, path: join(own, `${name}.pem`) }));
    const good = { name: 'good', path: server.certificate };
    const exporter = await runExporterIn(own, { certificateFiles: [...files, good] });
    const { value } = await exporter.scrape();
    for (const { name } of files) {
      expect(value(notAfter, { certificate: name })).toBe(0);
      expect(value('lookout_source_up', { source: name })).toBe(0);
    }
    expect(value('lookout_source_errors_total', { source: 'garbage', reason: 'no_certificate_found' })).toBe(1);
    expect(value('lookout_source_errors_total', { source: 'pipe', reason: 'read_failed' })).toBe(1);
    expect(value('lookout_source_errors_total', { source: 'missing', reason: 'not_found' })).toBe(1);
    expect(value('lookout_source_up', { source: 'good' })).toBe(1);
  });

  test('never bring a private key out of the process that reads the file', async () => {
    const own = temporaryFolder();
    writeFileSync(join(own, 'both.pem'), read(server.key) + read(server.certificate));
    const exporter = await runExporterIn(own, { certificateFiles: [{ name: 'both', path: join(own, 'both.pem') }] });
    const everything = JSON.stringify([await exporter.explain(), (await exporter.scrape()).text, exporter.logs]);
    const secret = read(server.key).split('\n').slice(1, -2);
    for (const line of secret) expect(everything).not.toContain(line);
    expect(everything).not.toContain('PRIVATE KEY');
  });
});

const noMount = withoutMount();

test.skipIf(noMount !== undefined)(
  `a link that leads out of what is mounted names the directory that must be mounted${noMount === undefined ? '' : ` (${noMount})`}`,
  async () => {
    const own = temporaryFolder();
    mkdirSync(join(own, 'letsencrypt'));
    mountMemory(join(own, 'letsencrypt', 'live'));
    const live = join(own, 'letsencrypt', 'live', 'shop.test');
    mkdirSync(live);
    symlinkSync('../../archive/shop.test/fullchain3.pem', join(live, 'fullchain.pem'));
    const files = [{ name: 'certbot', path: join(live, 'fullchain.pem') }];
    const [source] = await (await runExporterIn(own, { certificateFiles: files })).explain();
    expect(source).toMatchObject({
      reason: 'broken_symlink',
      message: `${live}/fullchain.pem is a link to ../../archive/shop.test/fullchain3.pem, which is not there: it leads out of what is mounted at ${own}/letsencrypt/live; mount ${own}/letsencrypt as a whole`,
    });
  },
);
