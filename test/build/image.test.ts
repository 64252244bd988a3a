import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { UserError } from '../../common/problems.ts';
import { imageArchive } from '../../provision/build/image/archive.ts';
import { exporterImage } from '../../provision/build/image/image.ts';
import { configIn, scrape, until } from '../exporter/support/exporter.ts';
import { temporaryFolder } from '../exporter/support/folder.ts';
import { run } from '../support/programs.ts';
import { startContainerd, withoutContainerd } from './support/containerd.ts';
import { readTar, type TarEntry } from './support/tar.ts';

const root = resolve(import.meta.dirname, '../..');
const reference = 'localhost/lookout-exporter:0.1.0-test';
const reason = withoutContainerd();

interface Described {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** Reads what a descriptor names, and proves that it is that. */
function follow(entries: readonly TarEntry[], { digest, size }: Described): Buffer {
  const content = entries.find(({ name }) => name === `blobs/${digest.replace(':', '/')}`)?.content;
  expect(content?.length).toBe(size);
  expect(sha256(content!)).toBe(digest);
  return content!;
}

function sha256(content: Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

async function open(archive: Buffer) {
  const entries = await readTar(archive);
  const json = (content: Buffer | undefined) => JSON.parse(String(content));
  const index = json(entries.find(({ name }) => name === 'index.json')?.content);
  const manifest = json(follow(entries, index.manifests[0]));
  const config = json(follow(entries, manifest.config));
  const layers = (manifest.layers as Described[]).map((layer) => gunzipSync(follow(entries, layer)));
  return { entries, index, manifest, config, layers };
}

describe('an archive', () => {
  const files = [
    { path: 'a/b/c', content: Buffer.from('content') },
    { path: 'a/program', content: Buffer.from('program'), mode: 0o755 },
  ];
  const image = { reference, architecture: 'arm64', config: { User: '1' } };

  test('has the same bytes for the same files, in whatever order they are named', async () => {
    const one = await imageArchive({ ...image, layers: [files] });
    expect((await imageArchive({ ...image, layers: [files.toReversed()] })).equals(one)).toBe(true);
  });

  test('is an image layout whose descriptors, digests and layers agree', async () => {
    const { entries, index, manifest, config, layers } = await open(await imageArchive({ ...image, layers: [files] }));
    expect(entries.map(({ name }) => name)).toEqual(expect.arrayContaining(['oci-layout', 'index.json']));
    expect(entries.filter(({ name }) => name.startsWith('blobs/sha256/'))).toHaveLength(3);
    expect(index).toMatchObject({
      schemaVersion: 2,
      manifests: [
        {
          mediaType: 'application/vnd.oci.image.manifest.v1+json',
          platform: { architecture: 'arm64', os: 'linux' },
          annotations: {
            'io.containerd.image.name': reference,
            'org.opencontainers.image.ref.name': '0.1.0-test',
          },
        },
      ],
    });
    expect(manifest.layers[0].mediaType).toBe('application/vnd.oci.image.layer.v1.tar+gzip');
    expect(config).toEqual({
      architecture: 'arm64',
      os: 'linux',
      config: { User: '1' },
      rootfs: { type: 'layers', diff_ids: layers.map(sha256) },
    });
  });

  test('holds files of root without a time, each directory before what lies in it', async () => {
    const { layers } = await open(await imageArchive({ ...image, layers: [files] }));
    const entries = await readTar(layers[0]!);
    expect(entries.map(({ name, type, mode }) => `${name} ${type} ${mode.toString(8)}`)).toEqual([
      'a directory 755',
      'a/b directory 755',
      'a/b/c file 644',
      'a/program file 755',
    ]);
    expect(new Set(entries.map(({ owner, modified }) => `${owner} ${modified}`))).toEqual(new Set(['0:0 0']));
  });
});

test.each(['exporter:1', 'localhost/exporter', 'localhost/Exporter:1'])('%s is refused as a name', async (name) => {
  await expect(exporterImage(root, name)).rejects.toThrow(UserError);
});

describe.skipIf(process.platform !== 'linux')('the image of the exporter', () => {
  let archive: Buffer;

  beforeAll(async () => {
    archive = await exporterImage(root, reference);
  });

  test('has the Node of the lock file with its libraries below, and the bundle above', async () => {
    const { layers } = await open(archive);
    const [lower = [], upper = []] = await Promise.all(layers.map(readTar));
    const node = lower.find(({ name }) => name === 'usr/local/bin/node');
    expect(node?.mode).toBe(0o755);
    expect(node?.content.equals(readFileSync(pinnedNode))).toBe(true);
    const names = lower.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['etc/ssl/certs/ca-certificates.crt', 'etc/passwd']));
    expect(names.filter((name) => /\/(libc\.so\.6|libstdc\+\+\.so\.6|ld-linux[^/]*)$/.test(name))).toHaveLength(3);
    expect(upper.filter(({ type }) => type === 'file').map(({ name }) => name)).toEqual([
      'lookout/LICENSE',
      'lookout/lookout-exporter.mjs',
    ]);
  });

  test('is started as exporter/Dockerfile starts it: not by root, with the Node of the lock file', async () => {
    const { config } = await open(archive);
    const dockerfile = readFileSync(join(root, 'exporter/Dockerfile'), 'utf8');
    const said = (instruction: string) => new RegExp(`^${instruction} (.*)$`, 'm').exec(dockerfile)?.[1] ?? '';
    expect(config.config.User).toBe(said('USER'));
    expect(config.config.User).toMatch(/^[1-9]\d+:[1-9]\d+$/);
    expect(config.config.Entrypoint).toEqual(JSON.parse(said('ENTRYPOINT')));
    expect(config.config.Cmd).toEqual(JSON.parse(said('CMD')));
    expect(`v${said('FROM').match(/^node:([\d.]+)-slim$/)?.[1]}`).toBe(run(pinnedNode, ['--version']).trim());
  });

  test.skipIf(reason !== undefined)(
    `runs in containerd with a root that is read-only, and ends on SIGTERM as process 1${reason === undefined ? '' : ` (${reason})`}`,
    async () => {
      const ctr = await startContainerd();
      const folder = temporaryFolder();
      writeFileSync(join(folder, 'image.tar'), archive);
      run('ctr', [...ctr, 'images', 'import', '--snapshotter', 'native', join(folder, 'image.tar')]);
      mkdirSync(join(folder, 'etc', 'data'), { recursive: true });
      const data = { name: 'data', namespace: 'n', directory: 'data', requested: null };
      const config = { ...configIn(join(folder, 'etc'), { volumes: [data] }), tokenFile: 'token' };
      writeFileSync(join(folder, 'etc', 'exporter.json'), JSON.stringify(config));

      const mount = `type=bind,src=${join(folder, 'etc')},dst=/etc/lookout,options=rbind:ro`;
      const name = 'lookout-exporter-test';
      const options = ['--rm', '--read-only', '--net-host', '--snapshotter', 'native', '--mount', mount];
      const container = spawn('ctr', [...ctr, 'run', ...options, reference, name]);
      onTestFinished(async () => {
        if (container.exitCode !== null) return;
        run('ctr', [...ctr, 'tasks', 'kill', '--signal', 'SIGKILL', name]);
        await once(container, 'exit');
      });
      let text = '';
      for (const stream of [container.stdout, container.stderr])
        stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
      await until(() => /"address":"/.test(text) || container.exitCode !== null);
      const url = /"address":"([^"]+)"/.exec(text)?.[1];
      if (url === undefined) throw new Error(`the container did not start: ${text}`);

      await until(async () => (await fetch(`${url}/readyz`)).ok);
      expect((await scrape(url)).value('lookout_source_up', { collector: 'volumes' })).toBe(1);
      container.kill('SIGTERM');
      const [code] = await once(container, 'exit');
      expect(code).toBe(0);
      expect(text).toContain('"message":"stopping"');
    },
  );
});

const pinnedNode = join(root, `node_modules/node-linux-${process.arch}/bin/node`);
