import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type TarFile, tarOf } from './layer.ts';

export interface Image {
  /** Full reference with a tag: `localhost/lookout-exporter:0.1.0`. */
  readonly reference: string;
  /** In the words of Go: `amd64`, `arm64`. */
  readonly architecture: string;
  /** How a container of it is run: `config` of the image configuration. */
  readonly config: Readonly<Record<string, unknown>>;
  /** From the lowest; each a list of files. */
  readonly layers: readonly (readonly TarFile[])[];
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

interface Blob {
  readonly descriptor: Descriptor;
  readonly content: Uint8Array;
}

const compress = promisify(gzip);
const type = (name: string) => `application/vnd.oci.image.${name}`;

/**
 * A tar archive that `ctr images import`, `podman load` and `skopeo` take.
 * Source: OCI Image Specification 1.1, "Image Layout", "Image Manifest", "Image Configuration".
 */
export async function imageArchive({ reference, architecture, config, layers }: Image): Promise<Buffer> {
  const tars = await Promise.all(layers.map(tarOf));
  const blobs = await Promise.all(tars.map(async (tar) => blob(type('layer.v1.tar+gzip'), await compress(tar))));
  const platform = { architecture, os: 'linux' };
  const configuration = jsonBlob(type('config.v1+json'), {
    ...platform,
    config,
    rootfs: { type: 'layers', diff_ids: tars.map(sha256) },
  });
  const manifest = jsonBlob(type('manifest.v1+json'), {
    schemaVersion: 2,
    mediaType: type('manifest.v1+json'),
    config: configuration.descriptor,
    layers: blobs.map(({ descriptor }) => descriptor),
  });
  const named = { ...manifest.descriptor, platform, annotations: annotations(reference) };
  const index = { schemaVersion: 2, mediaType: type('index.v1+json'), manifests: [named] };
  return await tarOf([
    { path: 'oci-layout', content: json({ imageLayoutVersion: '1.0.0' }) },
    { path: 'index.json', content: json(index) },
    ...[...blobs, configuration, manifest].map(blobFile),
  ]);
}

/** Containerd takes the whole name from its own annotation, the others the tag from that of the specification. */
function annotations(reference: string): Readonly<Record<string, string>> {
  return {
    'io.containerd.image.name': reference,
    'org.opencontainers.image.ref.name': reference.slice(reference.lastIndexOf(':') + 1),
  };
}

function blobFile({ descriptor, content }: Blob): TarFile {
  return { path: `blobs/${descriptor.digest.replace(':', '/')}`, content };
}

function jsonBlob(mediaType: string, value: unknown): Blob {
  return blob(mediaType, json(value));
}

function blob(mediaType: string, content: Uint8Array): Blob {
  return { descriptor: { mediaType, digest: sha256(content), size: content.length }, content };
}

function json(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}

function sha256(content: Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
