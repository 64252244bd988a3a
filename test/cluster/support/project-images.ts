import { appendFileSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { build } from 'esbuild';
import { node } from './kubectl.ts';

/** The demonstration: shop, dump and inbox, each by its path in the image. */
export const demonstration = {
  image: 'lookout.local/demonstration:1',
  shop: '/lookout/shop/main.mjs',
  dump: '/lookout/dump/main.mjs',
  inbox: '/lookout/inbox/main.mjs',
} as const;

const root = resolve(import.meta.dirname, '../../..');

/** Makes the demonstration's image of this checkout and loads it into the cluster's own node. */
export async function loadDemonstration(): Promise<void> {
  await loadPrograms(demonstration.image, {
    [demonstration.shop]: 'demo/app/main.ts',
    [demonstration.dump]: 'test/cluster/support/dump.ts',
    [demonstration.inbox]: 'demo/inbox/main.ts',
  });
}

/** Puts fake-grafana into the place of Grafana's image, under the name that manifests pin. */
export async function loadFakeGrafana(image: string): Promise<void> {
  await loadPrograms(image, { '/lookout/fake-grafana.mjs': 'test/cluster/support/fake-grafana/main.ts' });
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

/** An image of Node and programs of ours, which starts the first. */
async function loadPrograms(image: string, programs: Readonly<Record<string, string>>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'lookout-image-'));
  try {
    node('rootfs', directory, realpathSync(process.execPath));
    for (const [path, source] of Object.entries(programs)) await addProgram(directory, path, source);
    cpSync(join(root, 'demo/inbox/assets'), join(directory, 'lookout/assets'), { recursive: true });
    node('image', image, directory, '/bin/node', Object.keys(programs)[0] ?? '');
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Gives packages in CommonJS form the function that they expect. */
const banner =
  "import{createRequire as lookoutRequire}from'node:module';const require=lookoutRequire(import.meta.url);";

async function addProgram(directory: string, path: string, source: string): Promise<void> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [source],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    banner: { js: banner },
    write: false,
    logLevel: 'silent',
  });
  mkdirSync(dirname(join(directory, path)), { recursive: true });
  writeFileSync(join(directory, path), outputFiles[0]?.contents ?? '');
}
