import type { Manifests } from '../../../k8s/types.ts';
import type { ClusterSettings, Stack } from '../../../stack/types.ts';
import type { Check, Checkable } from '../../checks/check.ts';
import type { Cluster } from '../client/types.ts';

/** What is looked at before anything is changed. */
export interface PreflightContext extends Checkable {
  readonly stack: Stack & { readonly cluster: ClusterSettings };
  readonly manifests: Manifests;
  readonly cluster: Cluster;
}

export type PreflightCheck = Check<PreflightContext>;
