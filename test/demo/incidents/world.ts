import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { World } from '../../../demo/incidents/types.ts';
import { artifactName } from '../../../demo/jobs/artifacts.ts';
import { issueCertificates } from '../../../demo/jobs/authority.ts';
import { demoPaths } from '../../../demo/paths.ts';
import { localStack } from '../../support/stacks.ts';
import { temporaryFolder } from '../folder.ts';

/** 10 s after a full minute whose run has left its dump. */
export const now = Date.UTC(2026, 10, 20, 12, 0, 10);

/** The demonstration's folder as it is after some minutes, with a stack that watches it. */
export function demonstration(): World {
  const state = temporaryFolder();
  const paths = demoPaths(join(state, 'demo'));
  for (const folder of [paths.root, paths.backups, paths.uploads]) mkdirSync(folder);
  for (const minute of [0, 1, 2, 3, 4])
    writeFileSync(join(paths.backups, artifactName(now / 1000 - 10 - minute * 60)), gzipSync(`dump ${minute}`));
  writeFileSync(join(paths.uploads, 'picture-1.jpg'), 'a picture');
  const certificate = { name: 'shop-web', dnsNames: ['shop.test'], lifetimeDays: 90, renewBeforeDays: 30 };
  issueCertificates({ directory: paths.certificates, certificates: [certificate] }, [], now / 1000);
  const watched = {
    ...localStack,
    backups: localStack.backups.map((backup) => ({ ...backup, directory: paths.backups })),
    volumes: localStack.volumes.map((volume) => ({
      ...volume,
      requested: 10 * 1024 ** 2,
      directory: volume.name === 'shop-uploads' ? paths.uploads : paths.backups,
    })),
    certificates: {
      ...localStack.certificates,
      files: [{ name: 'shop-web', path: paths.certificate('shop-web').certificate, claim: null, password: null }],
    },
    local: { ...localStack.local!, state },
  };
  return { stack: watched, paths, now };
}
