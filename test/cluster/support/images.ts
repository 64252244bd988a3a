import { readFileSync } from 'node:fs';
import { inject } from 'vitest';
import type { Images } from './project-images.ts';

/** Images for the pods of the tests, loaded by the set-up. */
export function images(): Images {
  return inject('images');
}

/** The exporter's real code, bundled once by the set-up. */
export function exporterBundle(): string {
  return readFileSync(inject('bundle'), 'utf8');
}
