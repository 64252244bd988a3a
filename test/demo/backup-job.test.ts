import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { artifactName, listArtifacts, prune } from '../../demo/jobs/artifacts.ts';
import { BackupJob } from '../../demo/jobs/backup.ts';
import { dumpDatabase } from '../../demo/jobs/dump.ts';
import { type JobFaults, noFaults } from '../../demo/jobs/faults.ts';
import { demoPaths } from '../../demo/paths.ts';
import { temporaryFolder } from './folder.ts';

const noon = Date.UTC(2026, 10, 20, 12) / 1000;

function database(path: string): DatabaseSync {
  const db = new DatabaseSync(path);
  db.exec(`
    PRAGMA journal_mode = WAL;
    CREATE TABLE notes (id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT, size REAL, data BLOB, "order" INTEGER);
    CREATE INDEX notes_by_text ON notes (text);
  `);
  const insert = db.prepare('INSERT INTO notes (text, size, data, "order") VALUES (?, ?, ?, ?)');
  insert.run('it\'s; -- a "quoted"\nline, \u{1f4e6} and ümlaut', 0.1 + 0.2, new Uint8Array([0, 255, 10]), null);
  insert.run('', -1e300, null, Number.MAX_SAFE_INTEGER);
  return db;
}

function jobIn(folder: string, change: Partial<JobFaults> = {}) {
  const paths = demoPaths(folder);
  const faults: { current: JobFaults } = { current: { ...noFaults, ...change } };
  const config = {
    database: paths.database,
    directory: paths.backups,
    requestFile: paths.backupRequest,
    schedule: '* * * * *',
    timezone: 'UTC',
    retention: { age: 1800, floor: 3 },
  };
  const job = new BackupJob(config, () => faults.current, pino({ level: 'silent' }));
  return { job, faults, paths, names: () => readdirSync(paths.backups).sort() };
}

describe('the dump', () => {
  test('restores into an empty database to exactly the same rows, indices and types', () => {
    const folder = temporaryFolder();
    const original = database(join(folder, 'original.sqlite'));
    const restored = new DatabaseSync(':memory:');
    restored.exec([...dumpDatabase(join(folder, 'original.sqlite'))].join(''));
    const rows = 'SELECT *, typeof(size), typeof(data), typeof("order") FROM notes ORDER BY id';
    expect(restored.prepare(rows).all()).toEqual(original.prepare(rows).all());
    const schema = "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite%' ORDER BY name";
    expect(restored.prepare(schema).all()).toEqual(original.prepare(schema).all());
    original.close();
  });

  test('holds one state, whatever is written while it is read', () => {
    const folder = temporaryFolder();
    const path = join(folder, 'busy.sqlite');
    const original = database(path);
    const insert = original.prepare('INSERT INTO notes (text) VALUES (?)');
    for (const index of Array(3000).keys()) insert.run(`note ${index} ${'x'.repeat(50)}`);
    const dump = dumpDatabase(path);
    const first = dump.next().value;
    original.exec('DELETE FROM notes WHERE id > 100');
    const rest = [...dump].join('');
    expect(`${first}${rest}`.match(/^INSERT/gm)).toHaveLength(3002);
    original.close();
  });
});

describe('the backup job', () => {
  test('catches up at its start, then runs once at each scheduled time', async () => {
    const { job, paths, names } = jobIn(temporaryFolder());
    database(paths.database).close();
    await job.tick(noon + 30);
    await job.tick(noon + 31);
    await job.tick(noon + 59.9);
    expect(names()).toEqual(['shop_20261120_120030.sql.gz']);
    await job.tick(noon + 60.2);
    await job.tick(noon + 61);
    expect(names()).toEqual(['shop_20261120_120030.sql.gz', 'shop_20261120_120100.sql.gz']);
  });

  test('writes a dump that a restore takes', async () => {
    const { job, paths, names } = jobIn(temporaryFolder());
    database(paths.database).close();
    await job.tick(noon);
    const restored = new DatabaseSync(':memory:');
    restored.exec(gunzipSync(readFileSync(join(paths.backups, names()[0]!))).toString());
    expect(restored.prepare('SELECT count(*) AS notes FROM notes').get()).toEqual({ notes: 2 });
  });

  test('waits for its database', async () => {
    const { job, names } = jobIn(temporaryFolder());
    await job.tick(noon);
    expect(names()).toEqual([]);
  });

  test('does not run while it is paused, and catches up afterwards', async () => {
    const { job, paths, faults, names } = jobIn(temporaryFolder(), { backupPaused: true });
    database(paths.database).close();
    await job.tick(noon);
    expect(names()).toEqual([]);
    faults.current = noFaults;
    await job.tick(noon + 200);
    expect(names()).toEqual(['shop_20261120_120320.sql.gz']);
  });

  test('runs when it is asked, once', async () => {
    const { job, paths, names } = jobIn(temporaryFolder());
    database(paths.database).close();
    await job.tick(noon);
    writeFileSync(paths.backupRequest, '');
    await job.tick(noon + 5);
    await job.tick(noon + 6);
    expect(existsSync(paths.backupRequest)).toBe(false);
    expect(names()).toEqual(['shop_20261120_120000.sql.gz', 'shop_20261120_120005.sql.gz']);
  });

  test('whose dump fails without a word writes a whole gzip of nothing', async () => {
    const { job, paths, names } = jobIn(temporaryFolder(), { dumpEmpty: true });
    database(paths.database).close();
    await job.tick(noon);
    expect(gunzipSync(readFileSync(join(paths.backups, names()[0]!)))).toHaveLength(0);
  });

  test('leaves nothing behind when it fails, and tries again at the next scheduled time', async () => {
    const { job, paths, names } = jobIn(temporaryFolder());
    writeFileSync(paths.database, 'this is no database, though its file is there');
    await job.tick(noon);
    expect(names()).toEqual([]);
    database(`${paths.database}.good`).close();
    writeFileSync(paths.database, readFileSync(`${paths.database}.good`));
    await job.tick(noon + 30);
    expect(names()).toEqual([]);
    await job.tick(noon + 60);
    expect(names()).toEqual(['shop_20261120_120100.sql.gz']);
  });

  test('clears away what a killed run left, and only that', () => {
    const folder = temporaryFolder();
    const { backups } = demoPaths(folder);
    mkdirSync(backups);
    for (const name of ['shop_20261120_115900.sql.gz.tmp', 'shop_20261120_115800.sql.gz', 'notes.txt'])
      writeFileSync(join(backups, name), '');
    expect(jobIn(folder).names()).toEqual(['notes.txt', 'shop_20261120_115800.sql.gz']);
  });
});

describe('retention', () => {
  test('deletes what is older than its age, but never the newest ones of its floor', () => {
    const folder = temporaryFolder();
    for (const minutes of [0, 10, 29, 31, 40, 50]) writeFileSync(join(folder, artifactName(noon - minutes * 60)), '');
    expect(prune(folder, { age: 1800, floor: 4 }, noon)).toEqual([
      'shop_20261120_112000.sql.gz',
      'shop_20261120_111000.sql.gz',
    ]);
    expect(listArtifacts(folder).map(({ time }) => (noon - time) / 60)).toEqual([0, 10, 29, 31]);
  });

  test('never touches what is no artifact', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'shop_20200101_000000.sql'), '');
    writeFileSync(join(folder, 'README'), '');
    expect(prune(folder, { age: 1, floor: 0 }, noon)).toEqual([]);
    expect(readdirSync(folder)).toHaveLength(2);
  });
});
