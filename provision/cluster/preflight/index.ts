import { admissions } from './admissions.ts';
import { alertPath } from './alert-path.ts';
import { clashes } from './clashes.ts';
import { constraints } from './constraints.ts';
import type { PreflightCheck } from './context.ts';
import { existingMonitoring } from './existing.ts';
import { grafanas } from './grafanas.ts';
import { images } from './images.ts';
import { servedKinds } from './kinds.ts';
import { namespaces } from './namespaces.ts';
import { network } from './network.ts';
import { nodes } from './nodes.ts';
import { permissions } from './permissions.ts';
import { pullSecrets } from './pull-secrets.ts';
import { reachable } from './reachable.ts';
import { selectors } from './selectors.ts';
import { storage } from './storage.ts';

export type { PreflightContext } from './context.ts';

/** What is looked at before anything is changed, in this order; `reachable` first: without it no other can be made. */
export const preflightChecks: readonly PreflightCheck[] = [
  reachable,
  servedKinds,
  namespaces,
  permissions,
  clashes,
  storage,
  nodes,
  pullSecrets,
  images,
  constraints,
  existingMonitoring,
  selectors,
  alertPath,
  grafanas,
  network,
  admissions,
];
