import { kubectlJson } from './kubectl.ts';

/** The directory on its node of a bound claim whose class keeps claims in directories, as the local-path provisioner does. */
export function directoryOf(claim: string, namespace: string): string {
  const { spec } = kubectlJson<{ spec: { volumeName: string } }>('get', 'pvc', claim, `--namespace=${namespace}`);
  const volume = kubectlJson<{ spec: { hostPath?: { path: string }; local?: { path: string } } }>(
    'get',
    'pv',
    spec.volumeName,
  );
  const path = volume.spec.hostPath?.path ?? volume.spec.local?.path;
  if (path === undefined) throw new Error('the default storage class of this cluster has no directories on nodes');
  return path;
}
