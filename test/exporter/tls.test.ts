import { renameSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect } from 'node:tls';
import { expect, test } from 'vitest';
import { authorization, startUnready, until } from './support/exporter.ts';
import { temporaryFolder } from './support/folder.ts';
import { type Issued, openssl, read } from './support/openssl.ts';

function place(folder: string, { certificate, key }: Issued): void {
  for (const [name, from] of [
    ['tls.key', key],
    ['tls.crt', certificate],
  ] as const) {
    writeFileSync(join(folder, 'next'), read(from));
    renameSync(join(folder, 'next'), join(folder, name));
  }
}

function scrapeOver(port: number, ca: string): Promise<string> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path: '/prometheus', ca, headers: authorization, agent: false }, (response) =>
      resolve(text(response)),
    )
      .on('error', reject)
      .end();
  });
}

function servedSubject(port: number): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerX509Certificate()?.subject);
      socket.destroy();
    }).on('error', reject);
  });
}

test('scrapes are answered in TLS, with a renewed certificate soon after it lies there, and never with one without its key', async () => {
  const folder = temporaryFolder();
  const ca = openssl(folder);
  const authority = ca.selfSigned({ name: 'root', authority: true });
  const issue = (name: string) => ca.signedBy(authority, { name, names: 'IP:127.0.0.1' });
  const [first, second, other] = [issue('first'), issue('second'), issue('other')];
  place(folder, first);
  const tls = { certificate: join(folder, 'tls.crt'), key: join(folder, 'tls.key') };
  const exporter = await startUnready(folder, { listen: { host: '127.0.0.1', port: 0, tls } });
  expect(await scrapeOver(exporter.port, read(authority.certificate))).toContain('lookout_exporter_build_info');
  await expect(fetch(exporter.url)).rejects.toThrow();

  place(folder, second);
  await until(async () => (await servedSubject(exporter.port)) === 'O=Shop\nCN=second');
  place(folder, { certificate: other.certificate, key: first.key });
  await until(() => exporter.logs.some(({ level }) => level === 'error'));
  expect(await servedSubject(exporter.port)).toBe('O=Shop\nCN=second');
  expect(await scrapeOver(exporter.port, read(authority.certificate))).toContain('lookout_exporter_build_info');
});

test('a certificate that does not fit its key ends the start with both names', async () => {
  const folder = temporaryFolder();
  const [one, two] = ['one', 'two'].map((name) => openssl(folder).selfSigned({ name }));
  const listen = { host: '127.0.0.1', port: 0, tls: { certificate: one!.certificate, key: two!.key } };
  await expect(startUnready(folder, { listen })).rejects.toThrow(
    `could not use ${one!.certificate} with the key ${two!.key}`,
  );
});
