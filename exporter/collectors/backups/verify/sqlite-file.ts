import type { Finding } from '../model.ts';
import { failed, passed } from './steps.ts';

export const sqliteMagic = Buffer.from('SQLite format 3\0', 'latin1');

/**
 * A database file: as long as its header says. Databases written by versions before 3.7.0 do not say it and pass.
 * Source: sqlite.org, "Database File Format", section 1.3.
 */
export function verifySqliteFile(head: Buffer, length: number): readonly Finding[] {
  if (head.length < 100) return [passed('header'), failed('length', 'truncated')];
  const size = head.readUInt16BE(16);
  const pageSize = size === 1 ? 65_536 : size;
  const pages = head.readUInt32BE(28);
  const counted = pages > 0 && head.readUInt32BE(24) === head.readUInt32BE(92);
  if (!counted || length === pages * pageSize) return [passed('header'), passed('length')];
  return [passed('header'), failed('length', length < pages * pageSize ? 'truncated' : 'length_mismatch')];
}
