import type { BackupSource } from '../../../config.ts';
import type { Files } from '../../../reader/task.ts';
import type { Finding } from '../model.ts';
import { bsonFraming } from './bson.ts';
import { archiveCheck } from './mongo-archive.ts';
import type { Payload } from './payload.ts';
import { verifyCustomArchive } from './postgres-archive.ts';
import { postgresMagic } from './postgres-toc.ts';
import { sqliteMagic, verifySqliteFile } from './sqlite-file.ts';
import { failed, passed, type Steps } from './steps.ts';
import { isTar, verifyTar } from './tar.ts';
import { postgresTexts, sqliteTexts, verifyText } from './text-dump.ts';

/** What an engine makes of a file: it may see all of the payload in order, and judges when its ends are known. */
export interface EngineCheck {
  readonly onPayload?: (piece: Uint8Array) => void;
  readonly judge: (payload: Payload) => readonly Finding[] | Steps<readonly Finding[]>;
}

type Check = (files: Files, path: string) => EngineCheck;

/** An archive of files is looked at as such whatever it was made of. */
export const engineChecks: Readonly<Record<BackupSource['engine'], Check>> = {
  postgres: (files, path) => ({ judge: (payload) => judgePostgres(files, path, payload) }),
  sqlite: () => ({ judge: judgeSqlite }),
  mongodb: (_files, path) => (/\.bson(?:\.gz)?$/.test(path) ? collectionCheck() : mongoArchiveCheck()),
  files: () => ({ judge: ({ head, tail, length }) => (isTar(head) ? verifyTar(tail, length) : []) }),
};

function judgePostgres(
  files: Files,
  path: string,
  { form, head, tail, length }: Payload,
): ReturnType<EngineCheck['judge']> {
  if (isTar(head)) return verifyTar(tail, length);
  if (!beginsWith(head, Buffer.from(postgresMagic))) return verifyText(postgresTexts, head, tail);
  return form === 'plain' ? verifyCustomArchive(files, path, length) : [passed('header')];
}

function judgeSqlite({ head, tail, length }: Payload): readonly Finding[] {
  if (isTar(head)) return verifyTar(tail, length);
  return beginsWith(head, sqliteMagic) ? verifySqliteFile(head, length) : verifyText(sqliteTexts, head, tail);
}

function collectionCheck(): EngineCheck {
  const framing = bsonFraming();
  const judge = (): readonly Finding[] => {
    const { state } = framing.end();
    return [state === 'whole' ? passed('framing') : failed('framing', state)];
  };
  return { onPayload: framing.push, judge };
}

function mongoArchiveCheck(): EngineCheck {
  const archive = archiveCheck();
  const judge = ({ head, tail, length }: Payload): readonly Finding[] =>
    archive.findings() ?? (isTar(head) ? verifyTar(tail, length) : [failed('header', 'not_a_dump')]);
  return { onPayload: archive.push, judge };
}

function beginsWith(head: Buffer, magic: Buffer): boolean {
  return head.subarray(0, magic.length).equals(magic);
}
