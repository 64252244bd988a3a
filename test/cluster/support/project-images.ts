import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { build } from 'esbuild';
import { node } from './node.ts';

/** Images for the pods of the tests. */
export interface Images {
  readonly node: string;
  readonly busybox: string;
  /** Shop, dump and inbox, each by its path in `demonstration`. */
  readonly demonstration: string;
  readonly fakeGrafana: string;
}

/** Paths of the demonstration's programs in its image. */
export const demonstration = {
  shop: '/lookout/shop/main.mjs',
  dump: '/lookout/dump/main.mjs',
  inbox: '/lookout/inbox/main.mjs',
} as const;

const root = resolve(import.meta.dirname, '../../..');
const nodeImage = 'docker.io/library/node:24.21.0';

/** What a cluster pulls that is not ours; what is made of this checkout has to be loaded into it by hand. */
export const pulled: Images = {
  node: nodeImage,
  busybox: 'docker.io/library/busybox:1.37',
  demonstration: 'lookout.local/demonstration:1',
  fakeGrafana: 'lookout.local/fake-grafana:1',
};

/** Loads into the cluster's own node what it has not yet: the Node of this machine, and images of this checkout. */
export async function loadImages(): Promise<Images> {
  const present = new Set(node('ctr', 'images', 'list', '-q').split('\n'));
  if (!present.has(nodeImage)) node('load', nodeImage, realpathSync(process.execPath));
  return {
    node: nodeImage,
    busybox: 'lookout.local/busybox:1',
    demonstration: await loadPrograms('demonstration', present, {
      [demonstration.shop]: 'demo/app/main.ts',
      [demonstration.dump]: 'test/cluster/support/dump.ts',
      [demonstration.inbox]: 'demo/inbox/main.ts',
    }),
    fakeGrafana: await loadPrograms('fake-grafana', present, {
      '/lookout/fake-grafana.mjs': 'test/cluster/support/fake-grafana/main.ts',
    }),
  };
}

/** An image of Node and programs of ours, which starts the first; its tag is that of their content. */
async function loadPrograms(
  name: string,
  present: ReadonlySet<string>,
  sources: Readonly<Record<string, string>>,
): Promise<string> {
  const programs = await Promise.all(
    Object.entries(sources).map(async ([path, source]) => ({ path, content: await bundled(source) })),
  );
  const hash = createHash('sha256');
  for (const { content } of programs) hash.update(content);
  const image = `lookout.local/${name}:${hash.digest('hex').slice(0, 16)}`;
  if (!present.has(image)) loadImage(image, programs);
  return image;
}

interface Program {
  readonly path: string;
  readonly content: Uint8Array;
}

function loadImage(image: string, programs: readonly Program[]): void {
  const directory = mkdtempSync(join(tmpdir(), 'lookout-image-'));
  try {
    node('rootfs', directory, realpathSync(process.execPath));
    for (const { path, content } of programs) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), content);
    }
    cpSync(join(root, 'demo/inbox/assets'), join(directory, 'lookout/assets'), { recursive: true });
    node('image', image, directory, '/bin/node', programs[0]?.path ?? '');
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Gives packages in CommonJS form the function that they expect. */
const banner =
  "import{createRequire as lookoutRequire}from'node:module';const require=lookoutRequire(import.meta.url);";

async function bundled(source: string): Promise<Uint8Array> {
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
  return outputFiles[0]?.contents ?? new Uint8Array();
}
