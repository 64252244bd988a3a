import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Surroundings } from '../environment.ts';
import { compileCache, entries, nodeOptions } from '../parts/runtime.ts';

const sources = ['common', 'demo', 'exporter'];

/**
 * Lets every entry of our own parts run once without a configuration, when a source is newer than what is kept compiled: it
 * compiles itself, finds nothing to do and ends. A process that has to compile TypeScript by itself holds the compiler, some
 * 25 MB, for as long as it lives; the parts live long.
 */
export async function compileParts({ root, env }: Pick<Surroundings, 'root' | 'env'>): Promise<void> {
  const stamp = join(compileCache(root), 'parts');
  const compiled = statSync(stamp, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (newest(root) <= compiled) return;
  await Promise.all(Object.values(entries).map((entry) => runOnce(root, entry, env)));
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, '');
}

/** Its exit code says nothing: it is meant to refuse. */
function runOnce(root: string, entry: string, surrounding: Surroundings['env']): Promise<void> {
  const env = { ...surrounding, NODE_COMPILE_CACHE: compileCache(root) };
  return new Promise((resolve) => {
    execFile(process.execPath, [...nodeOptions, join(root, entry)], { env, timeout: 20_000 }, () => resolve());
  });
}

/** When one of the sources was last changed, in milliseconds since the epoch. */
function newest(root: string): number {
  const files = sources.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true }).filter(({ name }) =>
      name.endsWith('.ts'),
    ),
  );
  return Math.max(...files.map(({ parentPath, name }) => statSync(join(parentPath, name)).mtimeMs));
}
