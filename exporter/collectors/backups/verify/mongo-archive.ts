import type { Finding } from '../model.ts';
import { bsonFields, bsonFraming } from './bson.ts';
import { failed, passed } from './steps.ts';

/** First bytes: 0x8199e26d, lowest byte first. */
const archiveMagic = Buffer.from([0x6d, 0xe2, 0x99, 0x81]);

export interface ArchiveCheck {
  push(piece: Uint8Array): void;
  /** Undefined when it does not begin as an archive does. */
  findings(): readonly Finding[] | undefined;
}

/**
 * Checks an archive of mongodump: a prelude that names the collections, then blocks, each a header that names its collection,
 * documents, and a terminator; a header with `EOF` ends its collection. Every collection must have its end; a view has none.
 * Source: mongodb/mongo-tools, common/archive (archive.go, multiplexer.go, prelude.go).
 */
export function archiveCheck(): ArchiveCheck {
  const unended = new Set<string>();
  let magic = Buffer.alloc(0);
  let blocks = 0;
  let headerNext = true;
  let inBlock = true;
  const onHeader = (header: Buffer): void => {
    const fields = bsonFields(header);
    const name = `${String(fields.get('db'))}.${String(fields.get('collection')).replace(/^system\.buckets\./, '')}`;
    if (fields.get('EOF') === true) unended.delete(name);
    else if (fields.has('collection') && !isView(fields)) unended.add(name);
    headerNext = blocks === 0;
    inBlock = true;
  };
  const onTerminator = (): void => {
    blocks += 1;
    headerNext = true;
    inBlock = false;
  };
  const framing = bsonFraming({ collects: () => headerNext, onDocument: onHeader, onTerminator });
  const push = (piece: Uint8Array): void => {
    const missing = piece.subarray(0, archiveMagic.length - magic.length);
    magic = Buffer.concat([magic, missing]);
    if (magic.equals(archiveMagic)) framing.push(piece.subarray(missing.length));
  };
  const findings = (): readonly Finding[] | undefined => {
    if (!magic.equals(archiveMagic)) return undefined;
    const { state } = framing.end();
    if (state === 'corrupt') return [passed('header'), failed('framing', 'corrupt')];
    if (state === 'truncated' || inBlock) return [passed('header'), failed('framing', 'truncated')];
    if (blocks < 2) return [passed('header'), passed('framing'), failed('not_empty', 'empty')];
    const whole = unended.size === 0 ? passed('contents') : failed('contents', 'contents_missing');
    return [passed('header'), passed('framing'), whole];
  };
  return { push, findings };
}

/** Versions of mongodump before 100 tell it within the metadata. */
function isView(fields: ReadonlyMap<string, string | boolean>): boolean {
  return fields.get('type') === 'view' || String(fields.get('metadata')).includes('"viewOn"');
}
