import { podNames } from '../../../k8s/installed.ts';
import { portOf, selector } from '../../../k8s/pod.ts';
import { type Component, databaseJob, type Stack } from '../../../stack/types.ts';
import type { Finding } from '../../checks/check.ts';
import { isApiError } from '../client/errors.ts';
import { list, read } from '../client/objects.ts';
import type { LiveObject } from '../client/types.ts';
import { unmet } from '../operators/label-selector.ts';
import { admits, isolating, type Policy, type Receiver, type Sender } from '../policies/admits.ts';
import type { PreflightCheck, PreflightContext } from './context.ts';

/** Something that one of our pods asks by the network. */
interface Flow {
  readonly subject: string;
  /** `app.kubernetes.io/name` of the pods that ask. */
  readonly asks: string;
  /** `host:port`. */
  readonly address: string;
}

/**
 * A policy of others is never changed, and none of ours selects their pods: where one isolates what is to be asked, a person
 * has to let our pods in.
 */
export const admissions: PreflightCheck = {
  name: 'admissions',
  title: 'no NetworkPolicy of others keeps out what asks',
  impossible: (stack) => (flowsOf(stack).length === 0 ? 'no pod of ours asks a program of others' : undefined),
  run: async (context) => {
    try {
      const flows = flowsOf(context.stack);
      const keptOut = (await Promise.all(flows.map((flow) => judge(flow, context)))).flat();
      const evidence = `${flows.length} looked at: none is closed to us`;
      return keptOut.length > 0 ? keptOut : [{ ok: true, subject: 'what is asked', evidence }];
    } catch (error) {
      if (!isApiError(error, 403)) throw error;
      return [{ ok: true, remark: true, subject: 'what is asked', evidence: `not known: ${error.message}` }];
    }
  },
};

function flowsOf(stack: Stack): readonly Flow[] {
  const isOurs = (component: Component) => stack.cluster?.components[component].kind === 'install';
  return [
    ...(isOurs('prometheus') ? scraped(stack) : []),
    ...(isOurs('blackbox') ? probed(stack) : []),
    ...connected(stack),
  ];
}

function scraped({ applications }: Stack): readonly Flow[] {
  return applications.flatMap(({ name, metrics }) =>
    metrics === null ? [] : [{ subject: `application ${name}`, asks: podNames.prometheus, address: metrics.address }],
  );
}

function probed({ probes }: Stack): readonly Flow[] {
  return probes.map(({ name, target, kind }) => {
    const address = kind === 'tcp' ? target : hostPort(new URL(target));
    return { subject: `probe ${name}`, asks: podNames.blackbox, address };
  });
}

/** Where a whole connection is a secret, its address is one too. */
function connected({ databases }: Stack): readonly Flow[] {
  return databases.flatMap(({ name, access }) =>
    access?.kind === 'server'
      ? [{ subject: `database ${name}`, asks: databaseJob(name), address: access.address }]
      : [],
  );
}

function hostPort({ hostname, port, protocol }: URL): string {
  return `${hostname}:${port === '' ? (protocol === 'https:' ? 443 : 80) : port}`;
}

async function judge(flow: Flow, context: PreflightContext): Promise<readonly Finding[]> {
  const { cluster, stack } = context;
  const service = await serviceOf(flow.address, context);
  const labels = service?.spec?.selector;
  if (service === undefined || labels === undefined) return [];
  const { namespace = '' } = service.metadata;
  const policies = await list(cluster, { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' }, { namespace });
  const specs = policies.map((policy) => ({ name: policy.metadata.name, ...(policy['spec'] as Policy) }));
  const from: Sender = {
    labels: selector(stack, flow.asks),
    namespace: { name: stack.cluster.namespace, labels: await labelsOf(stack.cluster.namespace, context) },
  };
  const pods = await list(cluster, { apiVersion: 'v1', kind: 'Pod' }, { namespace });
  const chosen = pods.filter(({ metadata }) => unmet({ matchLabels: labels }, metadata.labels ?? {}).length === 0);
  const receivers = chosen.map((pod) => receiver(pod, service, portOf(flow.address)));
  const closed = receivers.find((to) => !admits(specs, from, to));
  if (closed === undefined) return [];
  const names = isolating(specs, closed).map(({ name }) => name);
  const wanted = Object.entries(from.labels).map(([key, value]) => `${key}=${value}`);
  const where = namespace === from.namespace.name ? '' : ` of the namespace ${from.namespace.name}`;
  const evidence = `NetworkPolicy ${names.join(', ')} of ${namespace} lets nobody in on port ${closed.port.number ?? closed.port.name} who is not named there: where policies are enforced it needs a rule for the pods ${wanted.join(',')}${where}`;
  return [{ ok: true, remark: true, subject: flow.subject, evidence }];
}

interface Service extends LiveObject {
  readonly spec?: {
    readonly selector?: Readonly<Record<string, string>>;
    readonly ports?: readonly { readonly port: number; readonly targetPort?: number | string }[];
  };
}

/** The Service that a pod of ours finds under a name; undefined for a name that is none of the cluster. */
async function serviceOf(address: string, { cluster, stack }: PreflightContext): Promise<Service | undefined> {
  const host = address.slice(0, address.lastIndexOf(':'));
  const [, name, namespace] = /^([a-z0-9-]+)(?:\.([a-z0-9-]+)(?:\.svc(?:\.cluster\.local)?)?)?$/.exec(host) ?? [];
  if (name === undefined) return undefined;
  const reference = { apiVersion: 'v1', kind: 'Service', namespace: namespace ?? stack.cluster.namespace, name };
  return (await read(cluster, reference)) as Service | undefined;
}

interface PodPorts {
  readonly containers?: readonly {
    readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
  }[];
}

/** The port of a pod behind the port of its Service, by number and by name. */
function receiver(pod: LiveObject, { spec }: Service, asked: number): Receiver {
  const { metadata } = pod;
  const target = spec?.ports?.find(({ port }) => port === asked)?.targetPort ?? asked;
  const ports = ((pod['spec'] ?? {}) as PodPorts).containers?.flatMap((container) => container.ports ?? []) ?? [];
  const found = ports.find(({ name, containerPort }) => name === target || containerPort === target);
  const number = typeof target === 'number' ? target : found?.containerPort;
  return { labels: metadata.labels ?? {}, namespace: metadata.namespace ?? '', port: { number, name: found?.name } };
}

/** Every namespace has this label with its name. Source: Kubernetes, "Well-Known Labels". */
async function labelsOf(name: string, { cluster }: PreflightContext): Promise<Readonly<Record<string, string>>> {
  const known = { 'kubernetes.io/metadata.name': name };
  try {
    const found = await read(cluster, { apiVersion: 'v1', kind: 'Namespace', name });
    return { ...known, ...found?.metadata.labels };
  } catch (error) {
    if (!isApiError(error, 403)) throw error;
    return known;
  }
}
