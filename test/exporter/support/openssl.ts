import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../support/programs.ts';

/** A certificate and its key, both files in PEM. */
export interface Issued {
  readonly certificate: string;
  readonly key: string;
}

export interface Wish {
  readonly name: string;
  /** Subject alternative names as OpenSSL writes them, e.g. `DNS:shop.test`; none for an authority. */
  readonly names?: string;
  readonly authority?: boolean;
  /** As `openssl ca` takes them: `20260101000000Z`. */
  readonly from?: string;
  readonly to?: string;
}

/** Certificates made by the real openssl, each in files of the folder. */
export function openssl(folder: string) {
  mkdirSync(folder, { recursive: true });
  return {
    selfSigned: (wish: Wish) => sign(folder, wish, undefined),
    signedBy: (issuer: Issued, wish: Wish) => sign(folder, wish, issuer),
  };
}

export function read(path: string): string {
  return readFileSync(path, 'utf8');
}

export const defaultFrom = '20260101000000Z';
export const defaultTo = '20361231235959Z';

function sign(folder: string, { name, names, authority, from, to }: Wish, issuer: Issued | undefined): Issued {
  const at = (file: string) => join(folder, `${name}.${file}`);
  const key = at('key');
  run('openssl', [
    'req',
    // Made in a moment, where a key of RSA takes up to half a second.
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-keyout',
    key,
    '-out',
    at('csr'),
    '-subj',
    `/O=Shop/CN=${name}`,
  ]);
  writeFileSync(at('cnf'), configuration(folder, name, names, authority === true));
  writeFileSync(at('index'), '');
  const signer =
    issuer === undefined ? ['-selfsign', '-keyfile', key] : ['-cert', issuer.certificate, '-keyfile', issuer.key];
  const dates = ['-startdate', from ?? defaultFrom, '-enddate', to ?? defaultTo];
  const certificate = at('pem');
  run('openssl', [
    'ca',
    '-batch',
    '-notext',
    '-config',
    at('cnf'),
    ...signer,
    ...dates,
    '-in',
    at('csr'),
    '-out',
    certificate,
  ]);
  return { certificate, key };
}

function configuration(folder: string, name: string, names: string | undefined, authority: boolean): string {
  return `
[ca]
default_ca = test
[test]
database = ${folder}/${name}.index
new_certs_dir = ${folder}
rand_serial = yes
default_md = sha256
policy = anything
x509_extensions = extensions
unique_subject = no
[anything]
organizationName = optional
commonName = supplied
[extensions]
basicConstraints = critical,CA:${authority ? 'TRUE' : 'FALSE'}
${names === undefined ? '' : `subjectAltName = ${names}`}
`;
}
