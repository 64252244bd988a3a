import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { images } from './images.ts';
import { node } from './node.ts';

/** Puts fake-grafana into the place of Grafana's image, under the name that manifests pin. */
export function placeFakeGrafana(image: string): void {
  node('ctr', 'images', 'tag', '--force', images().fakeGrafana, image);
}

/**
 * Puts the images that manifests pin below a registry of the tests' own, Alertmanager's with an authority that it trusts besides
 * the public ones, as a company would that has one.
 * @param references pinned names, each with its registry.
 */
export function mirrorImages(references: readonly string[], registry: string, authority: string): void {
  for (const reference of references) {
    const name = `${registry}/${reference.slice(reference.indexOf('/') + 1)}`;
    if (reference.includes('/alertmanager:')) trusting(reference, name, authority);
    else node('ctr', 'images', 'tag', '--force', reference, name);
  }
}

/** Takes the images of a registry of the tests' own away. */
export function removeImages(registry: string): void {
  const names = node('ctr', 'images', 'list', '-q')
    .split('\n')
    .filter((name) => name.startsWith(`${registry}/`));
  if (names.length > 0) node('ctr', 'images', 'remove', ...names);
}

function trusting(reference: string, name: string, authority: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'lookout-image-'));
  const [mounted, copy] = [join(folder, 'mounted'), join(folder, 'copy')];
  mkdirSync(mounted);
  node('ctr', 'images', 'mount', reference, mounted);
  try {
    cpSync(mounted, copy, { recursive: true, verbatimSymlinks: true });
    appendFileSync(join(copy, 'etc/ssl/certs/ca-certificates.crt'), `\n${authority}`);
    node('image', name, copy, '/bin/prometheus-alertmanager');
  } finally {
    node('ctr', 'images', 'unmount', '--rm', mounted);
    rmSync(folder, { recursive: true, force: true });
  }
}
