import { DatabaseSync } from 'node:sqlite';

const chunkLength = 65_536;

/**
 * A SQLite database as SQL text that makes it anew, in chunks: one consistent state, whatever is written meanwhile. The same form
 * as the `.dump` of SQLite's shell, which it restores with.
 */
export function* dumpDatabase(path: string): Generator<string> {
  const db = new DatabaseSync(path, { readOnly: true, timeout: 2000 });
  try {
    db.exec('BEGIN');
    yield* inChunks(statements(db));
  } finally {
    db.close();
  }
}

function* statements(db: DatabaseSync): Generator<string> {
  yield 'PRAGMA foreign_keys=OFF;';
  yield 'BEGIN TRANSACTION;';
  for (const { name, sql } of schemaOf(db, 'table')) {
    yield `${sql};`;
    yield* rows(db, name);
  }
  for (const { sql } of schemaOf(db, 'index')) yield `${sql};`;
  yield 'COMMIT;';
}

/** Indices that SQLite makes by itself have no SQL. */
function schemaOf(db: DatabaseSync, type: 'table' | 'index'): { name: string; sql: string }[] {
  return db
    .prepare(
      `SELECT name, sql FROM sqlite_schema
       WHERE type = ? AND sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid`,
    )
    .all(type) as { name: string; sql: string }[];
}

/** SQLite itself writes each value as a literal: its `quote` is exact for every type. */
function* rows(db: DatabaseSync, table: string): Generator<string> {
  const columns = db.prepare('SELECT name FROM pragma_table_info(?)').all(table) as { name: string }[];
  const values = columns.map(({ name }) => `quote(${identifier(name)})`).join(" || ',' || ");
  const row = db.prepare(`SELECT ${values} AS literals FROM ${identifier(table)}`);
  for (const { literals } of row.iterate() as Iterable<{ literals: string }>)
    yield `INSERT INTO ${identifier(table)} VALUES(${literals});`;
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function* inChunks(lines: Iterable<string>): Generator<string> {
  let chunk = '';
  for (const line of lines) {
    chunk += `${line}\n`;
    if (chunk.length < chunkLength) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk;
}
