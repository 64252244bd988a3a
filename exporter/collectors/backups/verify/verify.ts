import { createHash } from 'node:crypto';
import type { ArtifactPattern } from '../../../../common/artifacts.ts';
import type { BackupSource } from '../../../config.ts';
import type { Files } from '../../../reader/task.ts';
import { hasCode } from '../directory.ts';
import type { Artifact, Finding } from '../model.ts';
import { statedChecksum, verifySidecar } from './companions.ts';
import { engineChecks } from './engines.ts';
import { verifyMongoTree } from './mongo-tree.ts';
import { readPayload } from './payload.ts';
import { verifyDirectoryArchive } from './postgres-archive.ts';
import { failed, passed, type Steps } from './steps.ts';

export interface Verification {
  readonly files: Files;
  readonly source: BackupSource;
  readonly pattern: ArtifactPattern;
}

/**
 * Reads an artifact and checks it as far as its engine and form allow; undefined when it vanishes meanwhile. What is wrong
 * with the artifact is a finding, never an error.
 */
export function* verifyArtifact(verification: Verification, artifact: Artifact): Steps<readonly Finding[] | undefined> {
  const path = `${verification.source.directory}/${artifact.path}`;
  try {
    const findings = yield* artifact.kind === 'file'
      ? verifyFile(verification, path, artifact.measure.size)
      : verifyDirectory(verification, path, artifact.measure.size);
    return [passed('readable'), ...findings];
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    if (hasCode(error, 'EACCES', 'EPERM')) return [failed('readable', 'not_permitted')];
    if (hasCode(error, 'EIO', 'EBADMSG', 'EUCLEAN')) return [failed('readable', 'unreadable')];
    throw error;
  }
}

function* verifyFile({ files, source, pattern }: Verification, path: string, size: number): Steps<readonly Finding[]> {
  if (size === 0) return [failed('not_empty', 'empty')];
  const stated = statedChecksum(files, path);
  const hash = stated === undefined ? null : createHash('sha256');
  const { onPayload, judge } = engineChecks[source.engine](files, path);
  const payload = yield* readPayload(files, path, size, {
    ...(onPayload && { onPayload }),
    ...(hash && { onBytes: (piece: Uint8Array) => void hash.update(piece) }),
  });
  if (typeof payload === 'string') return [failed('gzip', payload)];
  const unpacked = payload.form === 'gzip' ? [passed('gzip')] : [];
  if (payload.length === 0) return [...unpacked, failed('not_empty', 'empty')];
  const judged = payload.form === 'opaque' ? [] : judge(payload);
  const content = 'next' in judged ? yield* judged : judged;
  const checksum =
    hash && (hash.digest('hex') === stated ? passed('checksum') : failed('checksum', 'checksum_mismatch'));
  return [
    ...unpacked,
    passed('not_empty'),
    ...content,
    ...verifySidecar(files, path, pattern, [size, payload.length]),
    ...(checksum ? [checksum] : []),
  ];
}

function* verifyDirectory({ files, source }: Verification, path: string, size: number): Steps<readonly Finding[]> {
  if (size === 0) return [failed('not_empty', 'empty')];
  switch (source.engine) {
    case 'mongodb':
      return yield* verifyMongoTree(files, path);
    case 'postgres':
      return yield* verifyDirectoryArchive(files, path);
    case 'sqlite':
      return [failed('header', 'not_a_dump')];
    case 'files':
      return [passed('not_empty')];
  }
}
