import { join } from 'node:path';

/**
 * Options of Node for every process that lives beside the supervisor. The young generation stays small: these processes
 * idle most of the time, and by default V8 lets it grow to many times what they need. The same for all, because compiled
 * code is kept for one set of options only.
 */
export const nodeOptions: readonly string[] = ['--max-old-space-size=192', '--max-semi-space-size=1'];

/** Where compiled code is kept between starts; not the cache of the commands, which run with other options. */
export function compileCache(root: string): string {
  return join(root, 'node_modules', '.cache', 'compile-parts');
}

/** Our own programs that run as parts; paths below the root. */
export const entries = {
  exporter: 'exporter/main.ts',
  inbox: 'demo/inbox/main.ts',
  app: 'demo/app/main.ts',
  jobs: 'demo/jobs/main.ts',
} as const;
