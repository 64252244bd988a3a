import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { patternProblem } from '../../common/artifacts.ts';
import { artifactStates } from '../../exporter/metrics/backup.ts';

const text = readFileSync(join(resolve(import.meta.dirname, '../..'), 'docs/backups.md'), 'utf8');

test('every pattern that docs/backups.md shows is one', () => {
  const patterns = [...text.matchAll(/^ {4}(\S+) {2,}/gm)].map(([, pattern = '']) => pattern);
  expect(patterns.length).toBe(4);
  expect(patterns.map((pattern) => patternProblem(pattern))).toEqual(patterns.map(() => undefined));
});

test('docs/backups.md explains every state', () => {
  expect(artifactStates.filter((state) => !text.includes(`| \`${state}\` |`))).toEqual([]);
});
