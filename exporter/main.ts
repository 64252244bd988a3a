import module from 'node:module';
import { join } from 'node:path';
import packageJson from '../package.json' with { type: 'json' };
import { readerArgument } from './reader/protocol.ts';

/**
 * This file, or the one that it was bundled into. The children run it too: one file is all that the exporter needs. By the name
 * that it was started with: where a ConfigMap is mounted the file behind its links is deleted when it changes.
 */
const entry = process.argv[1] ?? import.meta.filename;

if (process.argv[2] === readerArgument) await import('./reader/main.ts');
else process.exit(await serve());

async function serve(): Promise<number> {
  const env = { ...process.env, NODE_COMPILE_CACHE: compileCache() };
  const { runExporter } = await import('./program.ts');
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort(signal));
  process.on('disconnect', () => stop.abort('disconnect'));
  return await runExporter(process.argv.slice(2), {
    entry,
    version: packageJson.version,
    env,
    now: () => Date.now() / 1000,
    print: (text) => console.log(text),
    report: (text) => console.error(text),
    signal: stop.signal,
  });
}

/**
 * Compiled code is kept between starts, of the children too: it saves them half of their time and 25 MB. The bundle keeps it
 * only where NODE_COMPILE_CACHE says: it cannot know what it may write.
 */
function compileCache(): string | undefined {
  if (entry.endsWith('.ts'))
    module.enableCompileCache(join(import.meta.dirname, '..', 'node_modules', '.cache', 'compile'));
  return module.getCompileCacheDir();
}
