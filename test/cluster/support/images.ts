import { realpathSync } from 'node:fs';
import { inject } from 'vitest';
import { node } from './kubectl.ts';

const nodeImage = 'docker.io/library/node:24.21.0';

/** Images for the pods of the tests. The cluster's own node makes them of programs of this machine, others pull them. */
export function images(): { readonly node: string; readonly busybox: string } {
  return {
    node: nodeImage,
    busybox: inject('cluster').own ? 'lookout.local/busybox:1' : 'docker.io/library/busybox:1.37',
  };
}

export function loadImages(): void {
  if (inject('cluster').own) node('load', nodeImage, realpathSync(process.execPath));
}
