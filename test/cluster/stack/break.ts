import { expect } from 'vitest';
import { apply, kubectl, kubectlJson } from '../support/kubectl.ts';
import { node } from '../support/node.ts';
import { retelling } from './retell.ts';

/** Puts back what was broken. */
export type Mend = () => void;

/** Ways to break one thing of a stack in a namespace. */
export interface Breaking {
  readonly changeSecret: (key: string, edit: (value: string) => string) => Mend;
  readonly changeFile: (map: string, key: string, edit: (text: string) => string) => Mend;
  /** An address behind the exporter's Service at which nobody listens. */
  readonly silentExporter: () => Mend;
  /** Sets a variable of Grafana, and another value to mend it. */
  readonly setGrafana: (variable: string, broken: string, whole: string) => Mend;
  readonly without: (deployment: string) => Mend;
  /** A version of a program of ours whose metrics are edited, as JavaScript: see `retelling`. */
  readonly retell: (workload: string, edit: string) => Mend;
  /** What a pod sends through a Service is refused on its way, all of it or what has this text. */
  readonly refuse: (from: string, port: number, text?: string) => Mend;
  readonly restart: (pod: string) => void;
}

export function breaking(namespace: string): Breaking {
  const here = `--namespace=${namespace}`;
  const get = <Body>(...names: readonly string[]) => kubectlJson<Body>('get', ...names, here);
  const edited = (kind: string, name: string, key: string, edit: (value: string) => string): Mend => {
    const before = get<Stored>(kind, name).data[key] ?? '';
    expect(edit(before)).not.toBe(before);
    const write = (value: string) => {
      kubectl(['patch', kind, name, here, `--patch=${JSON.stringify({ data: { [key]: value } })}`]);
      // The kubelet looks again at what a pod mounts when the pod changes.
      kubectl(['annotate', 'pods', '--all', '--overwrite', `changed=${Date.now()}`, here]);
    };
    write(edit(before));
    return () => write(before);
  };
  const rolledOut = (workload: string) => kubectl(['rollout', 'status', workload, here, '--timeout=120s']);
  const setVariable = (workload: string, variable: string) => {
    kubectl(['set', 'env', workload, variable, here]);
    rolledOut(workload);
  };
  const scale = (deployment: string, replicas: number) => {
    kubectl(['scale', `deployment/${deployment}`, `--replicas=${replicas}`, here]);
    rolledOut(`deployment/${deployment}`);
  };
  return {
    changeSecret: (key, edit) => edited('secret', 'lookout-credentials', key, (value) => encoded(edit(decoded(value)))),
    changeFile: (map, key, edit) => edited('configmap', map, key, edit),
    silentExporter: () => {
      const { items } = get<{ items: readonly Pod[] }>('pods', '--selector=app=visitor');
      apply(silentAddress(namespace, items[0]?.status.podIP ?? ''));
      return () => void kubectl(['delete', 'endpointslice', 'silent', here]);
    },
    setGrafana: (variable, broken, whole) => {
      setVariable('statefulset/lookout-grafana', `${variable}=${broken}`);
      return () => setVariable('statefulset/lookout-grafana', `${variable}=${whole}`);
    },
    without: (deployment) => {
      scale(deployment, 0);
      return () => scale(deployment, 1);
    },
    retell: (workload, edit) => {
      setVariable(workload, `NODE_OPTIONS=${retelling(edit)}`);
      return () => setVariable(workload, 'NODE_OPTIONS-');
    },
    refuse: (from, port, text) => {
      const { status } = get<Pod>('pod', from);
      const rule = ['FORWARD', '-s', status.podIP, '-p', 'tcp', '--dport', `${port}`];
      const said = text === undefined ? [] : ['-m', 'string', '--algo', 'bm', '--string', text];
      const change = (how: '-I' | '-D') =>
        void node('exec', 'iptables', '-w', how, ...rule, ...said, '-j', 'REJECT', '--reject-with', 'tcp-reset');
      change('-I');
      return () => change('-D');
    },
    restart: (pod) => {
      kubectl(['delete', 'pod', pod, here, '--wait']);
      rolledOut(`statefulset/${pod.replace(/-0$/, '')}`);
    },
  };
}

interface Stored {
  readonly data: Readonly<Record<string, string>>;
}

interface Pod {
  readonly status: { readonly podIP: string };
}

function silentAddress(namespace: string, address: string): object {
  const labels = { 'kubernetes.io/service-name': 'lookout-exporter-node' };
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'silent', namespace, labels },
    addressType: 'IPv4',
    endpoints: [{ addresses: [address], conditions: { ready: true } }],
    ports: [{ name: 'http', port: 9480, protocol: 'TCP' }],
  };
}

function decoded(value: string): string {
  return Buffer.from(value, 'base64').toString();
}

function encoded(value: string): string {
  return Buffer.from(value).toString('base64');
}
