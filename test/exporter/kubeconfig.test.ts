import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openKubeconfig } from '../../exporter/collectors/certificates/kubeconfig.ts';
import { runExporterIn, until } from './support/exporter.ts';
import { temporaryFolder } from './support/folder.ts';
import { openssl, read } from './support/openssl.ts';

const notAfter = 'lookout_certificate_not_after_timestamp_seconds';
const base64 = (text: string) => Buffer.from(text).toString('base64');
const unreadable = () => expect.fail('no file is named');

describe('a kubeconfig', () => {
  test.each([
    ['YAML', yaml],
    ['YAML with comments and quotes', (data: string) => `# of the cluster\n---\n${yaml(`"${data}"  # Base64`)}`],
    [
      'JSON',
      (data: string) =>
        JSON.stringify({
          clusters: [{ cluster: { 'certificate-authority-data': data } }],
          users: [{ user: { 'client-certificate-data': data, 'client-key-data': data } }],
        }),
    ],
  ])('in %s gives the certificates inside, and not the key', (_, write) => {
    expect(openKubeconfig('/config', write(base64('inside')), unreadable)).toEqual({
      pem: 'inside\ninside',
      problem: null,
    });
  });

  test('names files relative to where it lies itself, or with their whole path', () => {
    const text = `apiVersion: v1
kind: Config
clusters:
- cluster: {certificate-authority: "pki/the ca.crt", server: https://x}
users:
- name: u
  user:
    client-certificate: /var/lib/client.pem # renewed by the kubelet
    client-key: /var/lib/client.key
`;
    const asked: string[] = [];
    openKubeconfig('/home/me/.kube/config', text, (path) => {
      asked.push(path);
      return '';
    });
    expect(asked).toEqual(['/home/me/.kube/pki/the ca.crt', '/var/lib/client.pem']);
  });

  test('is nothing else that has the words in it', () => {
    expect(openKubeconfig('/x', 'the client-certificate: a', unreadable)).toBeUndefined();
    expect(openKubeconfig('/x', 'apiVersion: v1\nkind: Config\n', unreadable)).toBeUndefined();
  });

  test('is looked for in time that grows with the text alone', () => {
    for (const text of ['\n', ' ', '{', 'kind'].map((piece) => piece.repeat(1_000_000)))
      expect(openKubeconfig('/x', text, unreadable)).toBeUndefined();
    const fields = `kind: Config\n${'client-certificate '.repeat(100_000)}`;
    expect(openKubeconfig('/x', fields, unreadable)).toBeUndefined();
  });

  test('never makes the reading fail, whatever it says', () => {
    const word = fc.constantFrom('kind: Config\n', 'client-certificate', '-data', ': ', '"', "'", '\n', '{', '#', '/x');
    fc.assert(
      fc.property(fc.array(fc.oneof(word, fc.string())), (words) => {
        openKubeconfig('/config', words.join(''), () => {
          throw new Error('there is none');
        });
      }),
      { numRuns: 10_000 },
    );
  });

  test('is watched with the files that it names, and tells which of them is missing', async () => {
    const folder = temporaryFolder();
    const ca = openssl(folder);
    const authority = ca.selfSigned({ name: 'root', authority: true, to: '20310101000000Z' });
    const first = ca.signedBy(authority, { name: 'admin', to: '20280101000000Z' });
    const renewed = ca.signedBy(authority, { name: 'renewed', to: '20290101000000Z' });
    mkdirSync(join(folder, 'kube', 'pki'), { recursive: true });
    writeFileSync(join(folder, 'kube', 'pki', 'admin.pem'), read(first.certificate) + read(first.key));
    const path = join(folder, 'kube', 'config');
    const cluster = `{ certificate-authority-data: ${base64(read(authority.certificate))} }`;
    const user = `{ client-certificate: pki/admin.pem, client-key: pki/admin.pem }`;
    writeFileSync(path, `kind: Config\nclusters: [{ cluster: ${cluster} }]\nusers: [{ user: ${user} }]\n`);
    const exporter = await runExporterIn(folder, { certificateFiles: [{ name: 'kube', path }], interval: 0.3 });
    const leaf = async () => (await exporter.scrape()).value(notAfter, { chain_position: 'leaf' });
    expect(await leaf()).toBe(Date.UTC(2028, 0, 1) / 1000);
    expect((await exporter.scrape()).value(notAfter, { chain_position: 'root' })).toBe(Date.UTC(2031, 0, 1) / 1000);

    writeFileSync(join(folder, 'next'), read(renewed.certificate));
    renameSync(join(folder, 'next'), join(folder, 'kube', 'pki', 'admin.pem'));
    await until(async () => (await leaf()) === Date.UTC(2029, 0, 1) / 1000);

    rmSync(join(folder, 'kube', 'pki', 'admin.pem'));
    await until(async () => (await exporter.scrape()).value('lookout_source_up') === 0);
    const [source] = await exporter.explain();
    expect(source?.reason).toBe('not_found');
    expect(source?.message).toContain(
      `read ${folder}/kube/pki/admin.pem, which the kubeconfig names as its client-cert`,
    );
  });
});

function yaml(data: string): string {
  return `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: ${data}
    server: https://x
users:
- name: u
  user:
    client-certificate-data: ${data}
    client-key-data: ${data}
`;
}
