import { humanBytes } from '../../common/quantities.ts';
import type { StoredComponent } from '../../stack/types.ts';
import type { Check } from './check.ts';

/** A claim that a component keeps its data in. */
export interface ClaimView {
  readonly name: string;
  /** `Bound`, `Pending`, `Lost`; null when there is no such claim. */
  readonly phase: string | null;
  /** Bytes that the bound volume has; null while it is not bound. */
  readonly capacity: number | null;
  /** Running pods that mount it. */
  readonly pods: readonly string[];
}

const storedComponents: readonly StoredComponent[] = ['prometheus', 'alertmanager', 'grafana', 'jaeger'];

export const claimsBound: Check = {
  name: 'claims-bound',
  title: 'every claim is bound and mounted by a running pod',
  impossible: ({ cluster }) => {
    if (cluster === null) return 'there are no claims on one machine';
    return storedComponents.some((component) => cluster.components[component].kind === 'install')
      ? undefined
      : 'nothing that keeps data is installed';
  },
  run: async ({ claims }) =>
    (await claims()).map(({ name, phase, capacity, pods }) => {
      const subject = `claim ${name}`;
      if (phase === null) return { ok: false, subject, evidence: 'there is no such claim' };
      if (phase !== 'Bound') return { ok: false, subject, evidence: `it is ${phase}, not bound to a volume` };
      if (pods.length === 0) return { ok: false, subject, evidence: 'bound, but no running pod mounts it' };
      const size = capacity === null ? '' : ` of ${humanBytes(capacity)}`;
      return { ok: true, subject, evidence: `bound to a volume${size}, mounted by ${pods.join(', ')}` };
    }),
};
