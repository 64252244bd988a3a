import { stringify } from 'yaml';
import { componentLabel } from '../../k8s/finish.ts';
import { manifests } from '../../k8s/index.ts';
import type { KubernetesObject } from '../../k8s/types.ts';
import type { OutputFile, Stack } from '../../stack/types.ts';

const folder = 'kubernetes';

/**
 * The Kubernetes objects of a stack as YAML, one file for each component, and a `kustomization.yaml` where others apply them.
 * Secrets are not among them: their values are not known here. Nothing for a stack on one machine.
 *
 * @param outputs of the rooms.
 * @param bundle the exporter's code; without it the file with its ConfigMap is left out.
 */
export function kubernetesFiles(stack: Stack, outputs: readonly OutputFile[], bundle?: string): readonly OutputFile[] {
  const groups = Map.groupBy(manifests(stack, outputs, bundle).objects, componentOf);
  const files = [...groups].map(([component, objects]) => ({
    path: `${folder}/${component}.yaml`,
    content: objects.map(document).join('---\n'),
  }));
  return stack.cluster?.delivery.kind === 'files' ? [...files, kustomization(files)] : files;
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

/** Format: Kubernetes SIG CLI, Kustomization file. */
function kustomization(files: readonly OutputFile[]): OutputFile {
  const resources = files.map(({ path }) => path.slice(folder.length + 1)).sort();
  const content = document({ apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources });
  return { path: `${folder}/kustomization.yaml`, content };
}
