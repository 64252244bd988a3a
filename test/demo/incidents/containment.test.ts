import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { UserError } from '../../../common/problems.ts';
import { contained } from '../../../demo/incidents/containment.ts';
import { change, readJournal, undo } from '../../../demo/incidents/journal.ts';
import { demoPaths } from '../../../demo/paths.ts';
import { snapshot, temporaryFolder } from '../folder.ts';

function folders() {
  const folder = temporaryFolder();
  const [demo, other] = [join(folder, 'demo'), join(folder, 'other')];
  mkdirSync(join(demo, 'backups'), { recursive: true });
  mkdirSync(other);
  writeFileSync(join(other, 'precious'), 'precious');
  return { folder, demo, other };
}

test('a path below the demonstration is taken, whether it exists or not', () => {
  const { demo } = folders();
  expect(contained(demo, join(demo, 'backups', 'new'))).toBe(join(demo, 'backups', 'new'));
  expect(contained(demo, join(demo, 'backups'))).toBe(join(demo, 'backups'));
});

test.each([
  ['beside it', (demo: string) => join(demo, '..', 'other', 'precious')],
  ['beside it under a similar name', (demo: string) => `${demo}-2`],
  ['the folder itself', (demo: string) => demo],
  ['above it', (demo: string) => join(demo, '..')],
])('a path %s is refused', (_where, path) => {
  const { demo } = folders();
  expect(() => contained(demo, path(demo))).toThrow(UserError);
});

test('a folder that is a link out of the demonstration is refused', () => {
  const { demo, other } = folders();
  symlinkSync(other, join(demo, 'uploads'));
  expect(() => contained(demo, join(demo, 'uploads', 'precious'))).toThrow(/outside/);
});

test('a file that is a link is refused, even a dangling one', () => {
  const { demo, other } = folders();
  symlinkSync(join(other, 'precious'), join(demo, 'backups', 'link'));
  symlinkSync('/nowhere', join(demo, 'backups', 'dangling'));
  expect(() => contained(demo, join(demo, 'backups', 'link'))).toThrow(/is a link/);
  expect(() => contained(demo, join(demo, 'backups', 'dangling'))).toThrow(/is a link/);
});

test("a demonstration's folder that is a link itself is refused", () => {
  const { folder, demo } = folders();
  symlinkSync(demo, join(folder, 'linked'));
  expect(() => contained(join(folder, 'linked'), join(folder, 'linked', 'backups'))).toThrow(/is a link/);
});

test.each([
  ['replace', (path: string) => ({ kind: 'replace', path, content: 'x', existed: true }) as const],
  ['fill', (path: string) => ({ kind: 'fill', path: `${path}-2`, bytes: 10 }) as const],
  ['request-backup', (path: string) => ({ kind: 'request-backup', requestFile: path }) as const],
  [
    'reissue',
    (path: string) =>
      ({ kind: 'reissue', directory: join(path, '..'), name: 'shop-web', dnsNames: ['shop.test'], days: 3 }) as const,
  ],
])('the operation %s leaves alone what lies outside, and no journal stays behind', (_kind, operation) => {
  const { demo, other, folder } = folders();
  const paths = demoPaths(demo);
  const before = snapshot(folder);
  const operations = [operation(join(other, 'precious'))];
  expect(() => change(paths, { incident: 'any', startedAt: 0, operations })).toThrow(UserError);
  expect(snapshot(folder)).toEqual(before);
  expect(readJournal(paths)).toBeUndefined();
});

test('a path is checked again when it is undone; the rest is put back, and the journal waits', () => {
  const { demo, other } = folders();
  const paths = demoPaths(demo);
  mkdirSync(paths.uploads);
  const [dump, picture] = [join(paths.backups, 'dump'), join(paths.uploads, 'picture')];
  for (const path of [dump, picture]) writeFileSync(path, path);
  const operations = [dump, picture].map(
    (path) => ({ kind: 'replace', path, content: 'changed', existed: true }) as const,
  );
  change(paths, { incident: 'any', startedAt: 0, operations });
  renameSync(paths.uploads, `${paths.uploads}.moved`);
  symlinkSync(other, paths.uploads);
  expect(() => undo(paths)).toThrow(/outside/);
  expect(readdirSync(other)).toEqual(['precious']);
  expect(readFileSync(dump, 'utf8')).toBe(dump);
  rmSync(paths.uploads);
  renameSync(`${paths.uploads}.moved`, paths.uploads);
  undo(paths);
  expect(readFileSync(picture, 'utf8')).toBe(picture);
  expect(readJournal(paths)).toBeUndefined();
});
