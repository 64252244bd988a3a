import { createHash } from 'node:crypto';
import type { OutputFile, Stack } from '../stack/types.ts';
import type { BareObject } from './component.ts';
import { credentialsSecret, foreignKey, type MountedSecret } from './credentials.ts';

/** Bytes of content in one ConfigMap: the API server takes 1 MiB of keys and values. */
const limit = 900 * 1024;

/** What a pod reads: files from ConfigMaps and from Secrets, all in one directory. */
export interface Configuration {
  /** Name of the ConfigMap; of further ones where one is not enough, with a number behind it. */
  readonly name: string;
  readonly files: readonly OutputFile[];
  readonly secrets: readonly MountedSecret[];
}

/** The ConfigMaps of a configuration. A key is the path with dots for slashes, which a key cannot have. */
export function configMaps(configuration: Configuration): readonly BareObject[] {
  return packed(configuration).map(({ name, files }) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name },
    data: Object.fromEntries(files.map(({ path, content }) => [keyOf(path), content])),
  }));
}

/**
 * The volume that shows a configuration as the outputs expect it: with folders, and with `credentials/` beside the file that
 * refers to it. It changes as a whole when one of its objects does, without a restart, which a mount by `subPath` would not.
 */
export function configurationVolume(configuration: Configuration, stack: Stack): object {
  const fromMaps = packed(configuration).map(({ name, files }) => ({
    configMap: { name, items: files.map(({ path }) => ({ key: keyOf(path), path })) },
  }));
  return { name: 'config', projected: { sources: [...fromMaps, ...secretSources(configuration.secrets, stack)] } };
}

/** SHA-256 in hex: a pod whose program reads its files only on its start carries it, and is replaced when it changes. */
export function checksum(...contents: readonly string[]): string {
  const hash = createHash('sha256');
  for (const content of contents) hash.update(`${content.length} ${content}`);
  return hash.digest('hex');
}

function secretSources(mounted: readonly MountedSecret[], stack: Stack): readonly object[] {
  const sources = new Map<string, { key: string; path: string }[]>();
  for (const { path, key, entry } of mounted) {
    const foreign = foreignKey(entry, stack);
    const name = foreign?.secret ?? credentialsSecret;
    sources.set(name, [...(sources.get(name) ?? []), { key: foreign?.key ?? key, path }]);
  }
  return [...sources].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, items]) => ({ secret: { name, items } }));
}

interface Packed {
  readonly name: string;
  readonly files: readonly OutputFile[];
}

/** In the order of their paths, as many files in each ConfigMap as it takes. */
function packed({ name, files }: Configuration): readonly Packed[] {
  const groups: { bytes: number; files: OutputFile[] }[] = [];
  for (const file of [...files].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const bytes = Buffer.byteLength(file.content);
    if (bytes > limit) throw new Error(`${file.path} has ${bytes} bytes, a ConfigMap takes ${limit}`);
    const last = groups.at(-1);
    if (last === undefined || last.bytes + bytes > limit) groups.push({ bytes, files: [file] });
    else {
      last.bytes += bytes;
      last.files.push(file);
    }
  }
  return groups.map((group, index) => ({ name: index === 0 ? name : `${name}-${index + 1}`, files: group.files }));
}

function keyOf(path: string): string {
  return path.replaceAll('/', '.');
}
