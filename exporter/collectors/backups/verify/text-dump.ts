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
 * Plain output of pg_dump and pg_dumpall; that of the latter holds one of the former for each database. Source: pg_dump.c and
 * pg_dumpall.c; after the last comment newer versions write `\unrestrict`.
 */
export const postgresTexts: readonly TextForm[] = ['database cluster dump', 'database dump'].map((name) => ({
  begin: new RegExp(`^-- PostgreSQL ${name}\\s*$`, 'm'),
  end: new RegExp(`^-- PostgreSQL ${name} complete\\s*$`, 'm'),
  failure: null,
}));

/** Output of `.dump` of SQLite's shell. Source: shell.c (`dump` command). */
export const sqliteTexts: readonly TextForm[] = [
  {
    begin: /^PRAGMA foreign_keys=OFF;\s+BEGIN TRANSACTION;\s*$/m,
    end: /^COMMIT;\s*$(?![\s\S]*\S)/m,
    failure: /^ROLLBACK; -- due to errors\s*$/m,
  },
];

/** Bytes at each end in which these lines are looked for. */
const endLength = 4096;

/** The first form that the text begins with decides. */
export function verifyText(forms: readonly TextForm[], head: Buffer, tail: Buffer): readonly Finding[] {
  const begin = head.toString('latin1', 0, endLength);
  const form = forms.find((candidate) => candidate.begin.test(begin));
  if (form === undefined) return [failed('header', 'not_a_dump')];
  const end = tail.toString('latin1', Math.max(tail.length - endLength, 0));
  if (form.failure?.test(end) === true) return [passed('header'), failed('trailer', 'rolled_back')];
  return [passed('header'), form.end.test(end) ? passed('trailer') : failed('trailer', 'trailer_missing')];
}
