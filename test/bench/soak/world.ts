import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { writeFileAtomic } from '../../../common/files.ts';
import type { BackupSource, CertificateFileSource, ExporterConfig, VolumeSource } from '../../../exporter/config.ts';
import { backups, certificates, issue, volumes } from '../world.ts';

export interface Size {
  readonly certificates: number;
  readonly volumes: number;
  readonly backups: number;
}

export interface World {
  readonly declared: Pick<ExporterConfig, 'certificateFiles' | 'volumes' | 'backups'>;
  /** Changes a hundredth of it, each time another one; gives how many things changed. */
  readonly churn: () => number;
}

/** The declared things of a larger platform, of which a part changes as it does there. */
export function createWorld(folder: string, size: Size): World {
  const declared = {
    certificateFiles: certificates(folder, size.certificates),
    volumes: volumes(folder, size.volumes),
    backups: backups(folder, size.backups),
  };
  const renew = renewing(declared.certificateFiles);
  const fill = filling(declared.volumes);
  const dump = dumping(declared.backups);
  return { declared, churn: () => renew() + fill() + dump() };
}

/** Certificates are renewed as Certbot and the kubelet do it: another file takes the place of the one before. */
function renewing(files: readonly CertificateFileSource[]): () => number {
  const issued = Array.from({ length: 12 }, issue);
  let turn = 0;
  return nextOf(files, files.length / 100, ({ path }) => {
    turn += 1;
    writeFileAtomic(path, `# ${turn}\n${issued[turn % issued.length]}`);
  });
}

/** Volumes grow by a file, and lose the one before. */
function filling(volumes: readonly VolumeSource[]): () => number {
  let turn = 0;
  return nextOf(volumes, volumes.length / 100, ({ directory }) => {
    turn += 1;
    writeFileSync(join(directory, `grown-${turn}`), Buffer.alloc(64 * 1024, turn));
    rmSync(join(directory, `grown-${turn - volumes.length}`), { force: true });
  });
}

/** Backups get the dump of this moment, and lose the oldest one: as many of them as are a hundredth of all dumps. */
function dumping(backups: readonly BackupSource[]): () => number {
  const made: string[] = [];
  return nextOf(backups, (backups.length * 30) / 100, ({ directory }) => {
    const time = new Date()
      .toISOString()
      .replaceAll(/[-:]|\..*/g, '')
      .replace('T', '_');
    const path = join(directory, `shop_${time}.sql.gz`);
    writeFileSync(path, gzipSync(`CREATE TABLE orders (id INTEGER); -- ${time}\n`.repeat(1000)));
    made.push(path);
    if (made.length > backups.length * 30) rmSync(made.shift() ?? '', { force: true });
  });
}

/** Takes the next ones, at least one, round and round. */
function nextOf<Thing>(things: readonly Thing[], count: number, change: (thing: Thing) => void): () => number {
  let next = 0;
  return () => {
    const chosen = Array.from({ length: Math.max(1, Math.round(count)) }, () => things[next++ % things.length]);
    for (const thing of chosen) if (thing !== undefined) change(thing);
    return chosen.length;
  };
}
