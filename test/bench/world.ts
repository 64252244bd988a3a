import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { BackupSource, CertificateFileSource, VolumeSource } from '../../exporter/config.ts';

/** Certificate files, all of one certificate under different names, each with its key. */
export function certificates(folder: string, count: number): readonly CertificateFileSource[] {
  const at = join(folder, 'certificates');
  mkdirSync(at, { recursive: true });
  const made = issue();
  return Array.from({ length: count }, (_, index) => {
    const path = join(at, `${index}.pem`);
    writeFileSync(path, `# ${index}\n${made}`);
    return { name: `certificate-${index}`, path };
  });
}

/** A key and a certificate of its own, in PEM. */
export function issue(): string {
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '90'];
  const subject = ['-subj', '/O=Shop/CN=shop.example.com', '-addext', 'subjectAltName=DNS:shop.example.com'];
  return execFileSync('openssl', [...request, ...subject, '-keyout', '-'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

/** Volumes of a few files each. */
export function volumes(folder: string, count: number): readonly VolumeSource[] {
  return Array.from({ length: count }, (_, index) => {
    const directory = join(folder, 'volumes', String(index));
    mkdirSync(directory, { recursive: true });
    for (let file = 0; file < 10; file += 1) writeFileSync(join(directory, String(file)), 'content');
    return { name: `volume-${index}`, namespace: 'bench', directory, requested: 2 ** 30 };
  });
}

/** Daily dumps of a month in each directory. */
export function backups(folder: string, count: number): readonly BackupSource[] {
  const dump = gzipSync('CREATE TABLE orders (id INTEGER);\n'.repeat(1000));
  return Array.from({ length: count }, (_, index) => {
    const directory = join(folder, 'backups', String(index));
    mkdirSync(directory, { recursive: true });
    for (let day = 1; day <= 30; day += 1) {
      writeFileSync(join(directory, `shop_202601${String(day).padStart(2, '0')}_020000.sql.gz`), dump);
    }
    return {
      name: `backup-${index}`,
      directory,
      pattern: 'shop_%Y%m%d_%H%M%S.sql.gz',
      engine: 'files',
      schedule: '0 2 * * *',
      timezone: 'Europe/Berlin',
      clock: 'UTC',
      expectedInterval: null,
      grace: 3600,
      settle: 60,
      retention: { age: 30 * 86_400, tolerance: 86_400, floor: 7 },
      ignore: [],
    };
  });
}
