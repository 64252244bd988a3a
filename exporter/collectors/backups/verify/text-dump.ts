import type { Finding } from '../model.ts';
import { failed, passed } from './steps.ts';

/** How the text of a dump begins and ends. */
interface TextForm {
  readonly begin: RegExp;
  readonly end: RegExp;
  /** Its presence at the end means that the dump met errors. */
  readonly failure: RegExp | null;
}

/**
 * Plain output of pg_dump and pg_dumpall. Source: pg_dump.c and pg_dumpall.c; after the last comment newer versions write
 * `\unrestrict`.
 */
export const postgresText: TextForm = {
  begin: /^-- PostgreSQL database (?:cluster )?dump\s*$/m,
  end: /^-- PostgreSQL database (?:cluster )?dump complete\s*$/m,
  failure: null,
};

/** Output of `.dump` of SQLite's shell. Source: shell.c (`dump` command). */
export const sqliteText: TextForm = {
  begin: /^PRAGMA foreign_keys=OFF;\s+BEGIN TRANSACTION;\s*$/m,
  end: /^COMMIT;\s*$(?![\s\S]*\S)/m,
  failure: /^ROLLBACK; -- due to errors\s*$/m,
};

const beginLength = 4096;
const endLength = 4096;

export function verifyText(form: TextForm, head: Buffer, tail: Buffer): readonly Finding[] {
  if (!form.begin.test(head.toString('latin1', 0, beginLength))) return [failed('header', 'not_a_dump')];
  const end = tail.toString('latin1', Math.max(tail.length - endLength, 0));
  if (form.failure?.test(end) === true) return [passed('header'), failed('trailer', 'rolled_back')];
  return [passed('header'), form.end.test(end) ? passed('trailer') : failed('trailer', 'trailer_missing')];
}
