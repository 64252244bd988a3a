import { stringify } from 'yaml';
import { componentLabel } from '../../k8s/finish.ts';
import { gitopsObject } from '../../k8s/gitops.ts';
import { manifests } from '../../k8s/index.ts';
import type { KubernetesObject } from '../../k8s/types.ts';
import type { OutputFile, Stack } from '../../stack/types.ts';
import { secretPath } from '../files/secret-files.ts';

const folder = 'kubernetes';

/**
 * The Kubernetes objects of a stack as YAML, one file for each component, and a `kustomization.yaml` where others apply them.
 * Secrets are not among them: their values are not known here. Nothing for a stack on one machine.
 *
 * @param outputs of the rooms.
 * @param bundle the exporter's code; without it the file with its ConfigMap is left out.
 */
export function kubernetesFiles(stack: Stack, outputs: readonly OutputFile[], bundle?: string): readonly OutputFile[] {
  const { objects, secrets } = manifests(stack, outputs, bundle);
  const groups = Map.groupBy(objects, componentOf);
  const files = [...groups].map(([component, objects]) => ({
    path: `${folder}/${component}.yaml`,
    content: objects.map(document).join('---\n'),
  }));
  const { delivery } = stack.cluster ?? {};
  if (delivery?.kind !== 'files') return files;
  const gitops = gitopsObject(stack);
  // Only Flux decrypts what sops has encrypted; everybody else would apply it as it is.
  const encrypted = delivery.gitops === 'flux' && delivery.sops !== null ? secrets.map(secretPath) : [];
  return [
    ...files,
    kustomization([...files.map(({ path }) => path.slice(folder.length + 1)), ...encrypted]),
    ...(gitops === undefined ? [] : [{ path: 'gitops.yaml', content: document(gitops) }]),
  ];
}

/**
 * One object as YAML that every parser of Kubernetes reads alike: without anchors, and with quotes where YAML 1.1 would see
 * no text.
 */
function document(object: object): string {
  return stringify(object, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false });
}

function componentOf({ metadata }: KubernetesObject): string {
  return metadata.labels?.[componentLabel] ?? 'others';
}

const advice = `# kubectl apply --server-side -k <this directory>
# Without --server-side kubectl keeps each object in an annotation, which the exporter's code does not fit into.
`;

/** Format: Kubernetes SIG CLI, Kustomization file. */
function kustomization(paths: readonly string[]): OutputFile {
  const resources = [...paths].sort();
  const content = document({ apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources });
  return { path: `${folder}/kustomization.yaml`, content: `${advice}${content}` };
}
