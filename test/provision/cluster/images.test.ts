import { expect, test } from 'vitest';
import type { LiveObject } from '../../../provision/cluster/client/types.ts';
import { hasImage } from '../../../provision/cluster/preflight/images.ts';

function node(...images: readonly { readonly names?: readonly string[] | null }[]): LiveObject {
  const metadata = { name: 'one', uid: 'u', resourceVersion: '1', creationTimestamp: '' };
  return { apiVersion: 'v1', kind: 'Node', metadata, status: { images } };
}

test('a node has the images that it names, whatever it has without a name', () => {
  const full = node({ names: null }, {}, { names: ['docker.io/library/node:24', 'node@sha256:1'] });
  expect(hasImage(full, 'docker.io/library/node:24')).toBe(true);
  expect(hasImage(full, 'docker.io/library/node:25')).toBe(false);
  expect(hasImage(node({ names: null }), 'docker.io/library/node:24')).toBe(false);
});
