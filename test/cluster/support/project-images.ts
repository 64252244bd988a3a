import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
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
