import type { ExporterConfig, LocalPathClaimSource, VolumeSource } from '../../config.ts';
import type { Source } from '../collector.ts';
import type { VolumeReading } from './reading.ts';
import type { VolumeRequest } from './task.ts';

/** A volume, or the directory of a backup, of which only the file system below it counts. */
export type Declared =
  | { readonly kind: 'volume'; readonly node: string; readonly volume: DeclaredVolume }
  | { readonly kind: 'directory'; readonly node: string };

export type DeclaredVolume = VolumeSource | LocalPathClaimSource;

type VolumeSources = readonly Source<Declared, VolumeReading>[];

/** Every volume, and every directory of a backup that is not declared as a volume as well. */
export function declaredSources(config: ExporterConfig): VolumeSources {
  const { volumes, localPathClaims = [], backups, node } = config;
  const directories = new Set(volumes.map(({ directory }) => directory));
  const only = backups.filter(({ directory }) => !directories.has(directory));
  return [
    ...volumeSources([...volumes, ...localPathClaims], config),
    ...only.map(({ name, directory }) => {
      const request: VolumeRequest = { place: directory, walk: 0 };
      return source(`${name}/directory`, { kind: 'directory', node }, request, directory);
    }),
  ];
}

/** The part of an interval for which one volume may be added up in one go. */
const share = 1 / 3;

/** A claim's name is its source's too, unless another namespace has a claim of that name. */
function volumeSources(volumes: readonly DeclaredVolume[], { node, interval }: ExporterConfig): VolumeSources {
  const named = Map.groupBy(volumes, ({ name }) => name);
  return volumes.map((volume) => {
    const { name, namespace } = volume;
    const unique = named.get(name)?.length === 1;
    const [place, path] = 'root' in volume ? [volume, volume.root] : [volume.directory, volume.directory];
    const request: VolumeRequest = { place, walk: interval * share };
    return source(unique ? name : `${namespace}/${name}`, { kind: 'volume', node, volume }, request, path);
  });
}

function source(name: string, declared: Declared, request: VolumeRequest, path: string): VolumeSources[number] {
  return { name, declared, read: { kind: 'file', task: 'volume', request, path } };
}
