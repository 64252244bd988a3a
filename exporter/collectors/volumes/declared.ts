import type { ExporterConfig, VolumeSource } from '../../config.ts';
import type { Source } from '../collector.ts';
import type { VolumeReading } from './reading.ts';
import type { VolumeRequest } from './task.ts';

/** A volume, or the directory of a backup, of which only the file system below it counts. */
export type Declared =
  | { readonly kind: 'volume'; readonly node: string; readonly volume: VolumeSource }
  | { readonly kind: 'directory'; readonly node: string };

type VolumeSources = readonly Source<Declared, VolumeReading>[];

/** Every volume, and every directory of a backup that is not declared as a volume as well. */
export function declaredSources({ volumes, backups, node }: ExporterConfig): VolumeSources {
  const directories = new Set(volumes.map(({ directory }) => directory));
  const only = backups.filter(({ directory }) => !directories.has(directory));
  return [
    ...volumeSources(volumes, node),
    ...only.map(({ name, directory }) => source(`${name}/directory`, { kind: 'directory', node }, directory)),
  ];
}

/** A claim's name is its source's too, unless another namespace has a claim of that name. */
function volumeSources(volumes: readonly VolumeSource[], node: string): VolumeSources {
  const named = Map.groupBy(volumes, ({ name }) => name);
  return volumes.map((volume) => {
    const { name, namespace, directory } = volume;
    const unique = named.get(name)?.length === 1;
    return source(unique ? name : `${namespace}/${name}`, { kind: 'volume', node, volume }, directory);
  });
}

function source(name: string, declared: Declared, directory: string): Source<Declared, VolumeReading> {
  const request: VolumeRequest = { directory, walk: declared.kind === 'volume' };
  return { name, declared, read: { kind: 'file', task: 'volume', request, path: directory } };
}
