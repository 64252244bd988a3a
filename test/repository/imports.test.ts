import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/**
 * Who may import whom (docs/ARCHITECTURE.md). A room may always import itself and `common`; an entry names a folder or a
 * single file of another room. The first matching prefix of the importing file decides.
 */
const allowed: Readonly<Record<string, readonly string[]>> = {
  common: [],
  stack: [],
  scrape: ['stack/types.ts', 'exporter/metrics/', 'exporter/config.ts'],
  rules: ['stack/types.ts', 'exporter/metrics/'],
  notifications: ['stack/types.ts', 'exporter/metrics/'],
  dashboards: ['stack/types.ts', 'exporter/metrics/', 'rules/'],
  k8s: ['stack/types.ts', 'exporter/config.ts'],
  exporter: ['package.json'],
  provision: ['stack/', 'scrape/', 'rules/', 'notifications/', 'dashboards/', 'k8s/', 'exporter/', 'demo/'],
  demo: ['provision/local/'],
  viewer: [],
};
const forbidden = [/^provision\/.*->exporter\/main\.ts$/, /^provision\/.*->viewer\//];

describe('imports', () => {
  const edges = Object.keys(allowed)
    .filter((room) => existsSync(join(root, room)))
    .flatMap((room) => sources(join(root, room)).flatMap(importsOf));

  test('there is something to check', () => expect(edges.length).toBeGreaterThan(10));

  test('follow the directions of the architecture', () => {
    expect(edges.filter((edge) => !permitted(edge)).map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });

  test('a forbidden edge is seen', () => {
    expect(permitted({ from: 'rules/index.ts', to: 'provision/build/write.ts' })).toBe(false);
    expect(permitted({ from: 'provision/local/parts.ts', to: 'exporter/main.ts' })).toBe(false);
    expect(permitted({ from: 'common/files.ts', to: 'stack/types.ts' })).toBe(false);
  });
});

interface Edge {
  readonly from: string;
  readonly to: string;
}

function permitted({ from, to }: Edge): boolean {
  const room = from.split('/')[0] ?? '';
  if (forbidden.some((pattern) => pattern.test(`${from}->${to}`))) return false;
  return (
    to.startsWith(`${room}/`) || to.startsWith('common/') || (allowed[room] ?? []).some((place) => to.startsWith(place))
  );
}

function importsOf(file: string): Edge[] {
  const text = readFileSync(file, 'utf8');
  const specifiers = [...text.matchAll(/(?:from|import|import\()\s*'(\.{1,2}\/[^']+)'/g)].map(
    (match) => match[1] ?? '',
  );
  return specifiers.map((specifier) => ({
    from: relative(root, file),
    to: relative(root, join(dirname(file), specifier)),
  }));
}

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
}
