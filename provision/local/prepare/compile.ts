import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { dirname, join } from 'node:path';
import { compileCache } from '../parts/runtime.ts';

/** What the entries of our own parts import; importing it starts nothing. */
const modules = ['exporter/program.ts', 'demo/inbox/inbox.ts', 'demo/app/shop.ts', 'demo/jobs/jobs.ts'];
const sources = ['common', 'demo', 'exporter'];

/**
 * Compiles our parts once, here, when their sources are newer than what is kept compiled. A process that has to compile
 * TypeScript by itself holds the compiler, some 25 MB, for as long as it lives; this one ends soon.
 */
export async function compileParts(root: string): Promise<void> {
  const stamp = join(compileCache(root), 'parts');
  const compiled = statSync(stamp, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (newest(root) <= compiled) return;
  await Promise.all(modules.map((path) => import(join(root, path))));
  flushCompileCache();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, '');
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
