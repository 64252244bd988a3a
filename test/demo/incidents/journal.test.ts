import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { catalogue } from '../../../demo/incidents/index.ts';
import { change, readJournal, undo } from '../../../demo/incidents/journal.ts';
import { bind } from '../../../demo/incidents/operations/index.ts';
import { keep } from '../../../demo/incidents/operations/stash.ts';
import type { World } from '../../../demo/incidents/types.ts';
import { snapshot } from '../folder.ts';
import { demonstration, now } from './world.ts';

/** The world without the journal, and without the request for a good backup that undoing `backup-empty` leaves. */
function worldOf({ paths }: World) {
  const files = Object.entries(snapshot(paths.root));
  return Object.fromEntries(files.filter(([path]) => path !== paths.backupRequest));
}

function start(name: string, world: World): void {
  const definition = catalogue.find((incident) => incident.name === name)!;
  change(world.paths, { incident: name, startedAt: now, operations: definition.operations(world) });
}

function stashOf(world: World, index: number): string {
  return join(world.paths.incident, 'stash', String(index));
}

describe.each(catalogue)('$name', ({ name, operations }) => {
  test('changes the world, and undoing it restores every byte, permission and time; undoing again changes nothing', () => {
    const world = demonstration();
    const before = worldOf(world);
    start(name, world);
    expect(readJournal(world.paths)?.incident).toBe(name);
    expect(worldOf(world)).not.toEqual(before);
    undo(world.paths);
    expect(worldOf(world)).toEqual(before);
    undo(world.paths);
    expect(worldOf(world)).toEqual(before);
    expect(readdirSync(world.paths.incident)).toEqual([]);
  });

  test('restores everything though faults of another kind lay there before', () => {
    const world = demonstration();
    writeFileSync(world.paths.shopFaults, '{"errorShare":0.01}\n', { mode: 0o640 });
    writeFileSync(world.paths.jobFaults, '{"dumpEmpty":false}\n');
    const before = worldOf(world);
    start(name, world);
    undo(world.paths);
    expect(worldOf(world)).toEqual(before);
  });

  test('can be undone when it was killed after any operation, and when undoing it was killed in turn', () => {
    const count = operations(demonstration()).length;
    for (let done = 0; done <= count; done += 1) {
      for (let undone = 0; undone <= done; undone += 1) {
        const world = demonstration();
        const before = worldOf(world);
        killedAfter(world, name, done, undone);
        undo(world.paths);
        expect(worldOf(world), `${done} operations done, ${undone} undone`).toEqual(before);
      }
    }
  });
});

/** Leaves what a process leaves that was killed after so many operations, and one that was killed while it undid the last ones. */
function killedAfter(world: World, name: string, done: number, undone: number): void {
  const operations = catalogue.find((incident) => incident.name === name)!.operations(world);
  change(world.paths, { incident: name, startedAt: now, operations });
  const all = [...operations.entries()].reverse();
  for (const [index, operation] of all.slice(0, operations.length - done))
    bind(operation).revert(stashOf(world, index));
  for (const [index, operation] of all.slice(operations.length - done).slice(0, undone))
    bind(operation).revert(stashOf(world, index));
}

test('a file that was kept but not yet changed when the process was killed is as before', () => {
  const world = demonstration();
  const before = worldOf(world);
  const { certificate } = world.paths.certificate('shop-web');
  const operation = { kind: 'replace', path: certificate, content: 'other', existed: true } as const;
  change(world.paths, { incident: 'any', startedAt: now, operations: [operation] });
  bind(operation).revert(stashOf(world, 0));
  keep(certificate, stashOf(world, 0));
  undo(world.paths);
  expect(worldOf(world)).toEqual(before);
});

test('an operation that fails leaves everything undone, and says so', () => {
  const world = demonstration();
  const before = worldOf(world);
  const path = join(world.paths.uploads, 'export.bin');
  const operations = [
    { kind: 'replace', path: join(world.paths.uploads, 'picture-1.jpg'), content: 'other', existed: true },
    { kind: 'fill', path, bytes: 100 },
    { kind: 'fill', path, bytes: 100 },
  ] as const;
  expect(() => change(world.paths, { incident: 'any', startedAt: now, operations })).toThrow(/EEXIST/);
  expect(worldOf(world)).toEqual(before);
  expect(readJournal(world.paths)).toBeUndefined();
});

test('undoing backup-empty deletes the empty dumps that came since, keeps the good ones, and asks for a good one', () => {
  const world = demonstration();
  const { backups, backupRequest } = world.paths;
  writeFileSync(join(backups, 'shop_20261120_110000.sql.gz'), gzipSync(''));
  const before = readdirSync(backups);
  start('backup-empty', world);
  rmSync(backupRequest);
  writeFileSync(join(backups, 'shop_20261120_120011.sql.gz'), gzipSync(''));
  writeFileSync(join(backups, 'shop_20261120_120012.sql.gz'), gzipSync('good'));
  undo(world.paths);
  expect(readdirSync(backups)).toEqual([...before, 'shop_20261120_120012.sql.gz']);
  expect(readdirSync(world.paths.root)).toContain('run-backup');
});
