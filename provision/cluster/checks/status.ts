import type { KubernetesObject } from '../../../k8s/types.ts';
import type { ClaimView } from '../../checks/claims.ts';
import { prometheusData, type Service } from '../../checks/service.ts';
import type { AlertPath } from '../../checks/watchdog.ts';
import { read, referenceOf } from '../client/objects.ts';
import type { Cluster } from '../client/types.ts';
import { explain } from '../wait/explain.ts';
import { stateOf } from '../wait/readiness.ts';
import { readScene } from '../wait/scene.ts';
import { lastingState } from '../wait/steady.ts';
import { clusterAlertPath } from './alert-path.ts';
import { claimsOf } from './claims.ts';
import type { ClusterStack } from './context.ts';
import { keptCredentials } from './credentials.ts';
import { eachAlertmanager, eachPrometheus, prometheusService } from './services.ts';

/** What a person looks at first: what runs, what is wrong, where credentials are. */
export interface ClusterStatus {
  readonly stack: string;
  readonly healthy: boolean;
  readonly workloads: readonly WorkloadView[];
  readonly claims: readonly ClaimView[];
  /** What others run where nobody asks it from here (`components.<name>: none`): nothing is known of it, and nothing amiss. */
  readonly outOfReach: readonly Asked[];
  /** null while Prometheus does not answer, or is out of reach. */
  readonly alerts: readonly AlertView[] | null;
  readonly targets: readonly TargetView[] | null;
  /** Whether the alert that always fires arrives in Alertmanager; null while that does not answer, or is out of reach. */
  readonly alertPath: AlertPath | null;
  readonly credentials: readonly {
    readonly name: string;
    readonly place: string;
    readonly problem: string | undefined;
  }[];
}

type Asked = 'prometheus' | 'alertmanager';

export interface WorkloadView {
  readonly kind: string;
  readonly name: string;
  readonly state: 'ready' | 'waiting' | 'failed' | 'absent';
  /** Why it is not ready; empty when it is. */
  readonly reason: string;
}

export interface AlertView {
  readonly name: string;
  readonly severity: string;
  readonly state: 'pending' | 'firing';
  readonly summary: string;
}

export interface TargetView {
  readonly job: string;
  /** `unknown`: it was not scraped yet, which takes one interval after a start. */
  readonly health: 'up' | 'down' | 'unknown';
  readonly error: string;
}

const workloadKinds: readonly string[] = ['Deployment', 'StatefulSet', 'DaemonSet'];

/**
 * Asks everything at once; what does not answer is told as that and does not keep the rest from being shown.
 * @param now Milliseconds since the epoch.
 */
export async function clusterStatus(
  { stack, manifests, cluster, reach }: ClusterStack,
  now: number,
): Promise<ClusterStatus> {
  const { values, views } = await keptCredentials({ cluster, plans: manifests.secrets }, stack);
  const prometheus = prometheusService(stack, reach, values);
  const prometheuses = eachPrometheus(stack, reach, values);
  const alertmanagers = eachAlertmanager(stack, reach, values);
  const outOfReach = (['prometheus', 'alertmanager'] as const).filter(
    (component) => stack.cluster?.components[component].kind === 'none',
  );
  const ask = async <Answer>(component: Asked, question: () => Promise<Answer>): Promise<Answer | null> =>
    outOfReach.includes(component) ? null : question().catch(() => null);
  const [workloads, claims, alerts, targets, alertPath] = await Promise.all([
    Promise.all(
      manifests.objects.filter(({ kind }) => workloadKinds.includes(kind)).map((each) => look(cluster, each, now)),
    ),
    claimsOf(cluster, manifests),
    ask('prometheus', () => alertsOf(prometheus)),
    ask('prometheus', async () => (await Promise.all(prometheuses.map(targetsOf))).flat()),
    ask('alertmanager', () =>
      clusterAlertPath(
        { prometheuses: outOfReach.includes('prometheus') ? [] : prometheuses, alertmanagers },
        stack,
        now,
      ),
    ),
  ]);
  const found = { outOfReach, workloads, claims, targets, alertPath, credentials: views };
  return { stack: stack.name, healthy: isHealthy(found), ...found, alerts };
}

/** Whether the stack works; what it watches may be ill. */
export function isHealthy(status: Omit<ClusterStatus, 'stack' | 'healthy' | 'alerts'>): boolean {
  const { outOfReach, workloads, claims, targets, alertPath, credentials } = status;
  return (
    workloads.every(({ state }) => state === 'ready') &&
    claims.every(({ phase }) => phase === 'Bound') &&
    (outOfReach.includes('prometheus') || targets?.every(({ health }) => health !== 'down') === true) &&
    (outOfReach.includes('alertmanager') || (alertPath !== null && alertPath.state !== 'missing')) &&
    credentials.every(({ problem }) => problem === undefined)
  );
}

async function look(cluster: Cluster, built: KubernetesObject, now: number): Promise<WorkloadView> {
  const { kind, metadata } = built;
  const live = await read(cluster, referenceOf(built));
  if (live === undefined) return { kind, name: metadata.name, state: 'absent', reason: 'it is not in the cluster' };
  const scene = await readScene(cluster, metadata.namespace ?? '');
  const { phase, text } = lastingState(live, stateOf(live), scene, now);
  if (phase === 'ready') return { kind, name: metadata.name, state: phase, reason: '' };
  const cause = explain(live, scene, now);
  const reason = cause === undefined ? text : `${text}: ${cause.text}`;
  return { kind, name: metadata.name, state: phase, reason };
}

/** Source: Prometheus documentation, "HTTP API", alerts. */
async function alertsOf(prometheus: Service): Promise<readonly AlertView[]> {
  const { alerts } = await prometheusData<{ alerts: readonly PrometheusAlert[] }>(prometheus, '/api/v1/alerts');
  return alerts
    .filter(({ labels }) => labels['alertname'] !== 'Watchdog')
    .map(({ labels, annotations, state }) => ({
      name: labels['alertname'] ?? '',
      severity: labels['severity'] ?? '',
      state,
      summary: annotations['summary'] ?? '',
    }));
}

interface PrometheusAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly state: 'pending' | 'firing';
}

async function targetsOf(prometheus: Service): Promise<readonly TargetView[]> {
  const { activeTargets } = await prometheusData<{
    activeTargets: readonly ActiveTarget[];
  }>(prometheus, '/api/v1/targets?state=active');
  return activeTargets.map(({ labels, health, lastError }) => ({
    job: labels['job'] ?? '',
    health,
    error: lastError,
  }));
}

/** Source: Prometheus documentation, "HTTP API", targets. */
interface ActiveTarget {
  readonly labels: Readonly<Record<string, string>>;
  readonly health: TargetView['health'];
  readonly lastError: string;
}
