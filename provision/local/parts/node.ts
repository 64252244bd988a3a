import { join } from 'node:path';
import type { PartClient, PartSpec } from '../types.ts';
import type { PartContext } from './context.ts';
import { httpProbe } from './probe.ts';

interface NodePart extends Pick<PartSpec, 'name' | 'title' | 'addresses'> {
  /** Path of its `main.ts` below the root. */
  readonly entry: string;
  readonly client: PartClient;
  /** Mebibytes that its long-lived objects may take. */
  readonly heap: number;
  readonly after?: readonly string[];
}

/**
 * A part of our own. The young generation stays small: these parts idle most of the time, and by default V8 lets it grow to
 * many times what they need.
 */
export function nodePart(part: NodePart, { paths, root, programs }: PartContext): PartSpec {
  const { name, title, entry, client, heap, addresses, after = [] } = part;
  const config = join(paths.config(name), `${name}.json`);
  const limits = [`--max-old-space-size=${heap}`, '--max-semi-space-size=1'];
  return {
    name,
    title,
    command: [programs.node, ...limits, join(root, entry), '--config', config],
    env: { NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'compile'), NODE_ENV: 'production' },
    cwd: paths.state,
    ipc: true,
    after,
    probe: httpProbe(client, '/healthz'),
    deadline: 20,
    patience: 5,
    addresses,
  };
}
