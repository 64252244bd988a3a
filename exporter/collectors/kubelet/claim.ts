import { parseBytes } from '../../../common/quantities.ts';
import type { ApiClient } from '../../kubernetes/client.ts';
import { problemOf, SourceError } from '../../model/failure.ts';
import type { Problem } from '../../model/reading.ts';

/** What the API tells of a claim and the volume that it is bound to; empty where it is not known. */
export interface ClaimFacts {
  readonly requested: number | null;
  /** Bytes of what it is bound to, as declared there. */
  readonly capacity: number | null;
  readonly storageClass: string;
  readonly volume: string;
  /** The kind of source, as the API names it: `hostPath`, `nfs`, `local`, `csi`. */
  readonly volumeType: string;
  /** Whether it is a directory that others share, whose figures are those of the whole file system. */
  readonly shared: boolean;
  /** Where that file system is found: `server:/export`, a path of the node, or the volume's name where neither is told. */
  readonly place: string;
  /** Whether it is the same for all nodes. */
  readonly remote: boolean;
  /** Why the volume could not be read. */
  readonly problem: Problem | null;
}

interface Claim {
  readonly spec: {
    readonly volumeName?: string;
    readonly storageClassName?: string;
    readonly resources?: { readonly requests?: { readonly storage?: string } };
  };
  readonly status?: { readonly capacity?: { readonly storage?: string } };
}

interface Volume {
  readonly spec: Readonly<Record<string, unknown>> & {
    readonly csi?: { readonly driver?: string; readonly volumeAttributes?: Readonly<Record<string, string>> };
    readonly nfs?: { readonly server: string; readonly path: string };
    readonly local?: { readonly path: string };
  };
}

/**
 * Needs `get` on this claim and on persistent volumes.
 * @throws SourceError when the claim does not exist or cannot be read.
 */
export async function readClaim(
  api: ApiClient,
  namespace: string,
  name: string,
  signal: AbortSignal,
): Promise<ClaimFacts> {
  const path = `/api/v1/namespaces/${namespace}/persistentvolumeclaims/${name}`;
  const { spec, status } = (await api.get(path, signal)) as Claim;
  const volume = spec.volumeName ?? '';
  return {
    requested: bytes(spec.resources?.requests?.storage),
    capacity: bytes(status?.capacity?.storage),
    storageClass: spec.storageClassName ?? '',
    volume,
    ...(volume === '' ? unknownVolume(null) : await readVolume(api, volume, signal)),
  };
}

async function readVolume(api: ApiClient, name: string, signal: AbortSignal) {
  try {
    const { spec } = (await api.get(`/api/v1/persistentvolumes/${name}`, signal)) as Volume;
    const volumeType = Object.keys(spec).find((key) => sources.has(key)) ?? '';
    const driver = spec.csi?.driver ?? '';
    const remote = volumeType === 'nfs' || /nfs|smb/.test(driver);
    const shared = remote || driver.includes('hostpath');
    return { volumeType, shared, place: placeOf(spec) ?? name, remote, problem: null };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return { ...unknownVolume(problemOf(error, `read volume ${name}`)), place: name };
  }
}

/** Attributes of the drivers nfs.csi.k8s.io (`server`, `share`) and smb.csi.k8s.io (`source`), as their documentation has them. */
function placeOf({ nfs, local, csi }: Volume['spec']): string | undefined {
  const { server, share, source } = csi?.volumeAttributes ?? {};
  if (nfs !== undefined) return `${nfs.server}:${nfs.path}`;
  if (server !== undefined && share !== undefined) return `${server}:${share}`;
  return local?.path ?? source;
}

function unknownVolume(problem: Problem | null) {
  return { volumeType: '', shared: false, place: '', remote: false, problem };
}

/** Source: Kubernetes API reference, PersistentVolumeSpec. */
const sources: ReadonlySet<string> = new Set([
  ...[
    'awsElasticBlockStore',
    'azureDisk',
    'azureFile',
    'cephfs',
    'cinder',
    'csi',
    'fc',
    'flexVolume',
    'gcePersistentDisk',
  ],
  ...['glusterfs', 'hostPath', 'iscsi', 'local', 'nfs', 'portworxVolume', 'rbd', 'vsphereVolume'],
]);

function bytes(quantity: string | undefined): number | null {
  return quantity === undefined ? null : (parseBytes(quantity) ?? null);
}
