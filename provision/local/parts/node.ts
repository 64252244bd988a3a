import { join } from 'node:path';
import type { PartClient, PartSpec } from '../types.ts';
import type { PartContext } from './context.ts';
import { httpProbe } from './probe.ts';
import { compileCache, entries, nodeOptions } from './runtime.ts';

interface NodePart extends Pick<PartSpec, 'title' | 'addresses'> {
  readonly name: keyof typeof entries;
  readonly client: PartClient;
  readonly after?: readonly string[];
}

/** A part of our own. */
export function nodePart(part: NodePart, { paths, root, programs }: PartContext): PartSpec {
  const { name, title, client, addresses, after = [] } = part;
  const config = join(paths.config(name), `${name}.json`);
  return {
    name,
    title,
    command: [programs.node, ...nodeOptions, join(root, entries[name]), '--config', config],
    env: { NODE_COMPILE_CACHE: compileCache(root), NODE_ENV: 'production' },
    cwd: paths.state,
    ipc: true,
    after,
    probe: httpProbe(client, '/healthz'),
    deadline: 20,
    patience: 5,
    addresses,
  };
}
