import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { inject, onTestFinished } from 'vitest';
import type { ExporterConfig } from '../../../exporter/config.ts';
import type { Explanation } from '../../../exporter/server/explain.ts';
import { nodeOptions } from '../../../provision/local/parts/runtime.ts';
import { until } from '../../exporter/support/exporter.ts';
import { type ExpositionSample, parseExposition } from '../../support/exposition.ts';
import { exporterBundle, images } from './images.ts';
import { apply, kubectl, kubectlJson } from './kubectl.ts';

export const token = 'the-token-of-the-cluster-tests';
const port = 9090;

/** The exporter as users run it: its bundle in a ConfigMap on the stock Node image, configuration and token beside it. */
export function installExporter(namespace: string): void {
  apply(
    {
      kind: 'ConfigMap',
      metadata: { name: 'lookout-bundle', namespace },
      data: { 'exporter.mjs': exporterBundle() },
    },
    { kind: 'Secret', metadata: { name: 'lookout-token', namespace }, stringData: { token } },
  );
}

export interface PodWish {
  readonly namespace: string;
  readonly name: string;
  readonly config: Partial<ExporterConfig>;
  /** Role `api`: its service account. Role `node`: the node, and the directories there that it reads. */
  readonly role:
    | { readonly serviceAccount: string }
    | { readonly nodeName: string; readonly directories: readonly string[] };
}

/** Starts one exporter and waits until it has tried each of its sources. */
export function startPod(wish: PodWish): void {
  const { namespace, name, config } = wish;
  const full: ExporterConfig = {
    listen: { host: '0.0.0.0', port },
    tokenFile: '/etc/lookout-token/token',
    interval: 2,
    deadline: 20,
    node: 'node-1',
    backups: [],
    volumes: [],
    certificateFiles: [],
    certificateEndpoints: [],
    traces: null,
    ...config,
  };
  kubectl(['delete', 'pod', name, `--namespace=${namespace}`, '--ignore-not-found', '--wait']);
  apply(
    { kind: 'ConfigMap', metadata: { name, namespace }, data: { 'exporter.json': JSON.stringify(full) } },
    podOf(wish),
  );
  kubectl(['wait', '--for=condition=Ready', `pod/${name}`, `--namespace=${namespace}`, '--timeout=90s']);
}

function podOf({ namespace, name, role }: PodWish): object {
  const directories =
    'directories' in role ? role.directories.map((path, index) => ({ name: `host-${index}`, path })) : [];
  const configured = [
    { name: 'bundle', mountPath: '/app', source: { configMap: { name: 'lookout-bundle' } } },
    { name: 'config', mountPath: '/etc/lookout', source: { configMap: { name } } },
    { name: 'token', mountPath: '/etc/lookout-token', source: { secret: { secretName: 'lookout-token' } } },
    ...directories.map((host) => ({
      name: host.name,
      mountPath: host.path,
      source: { hostPath: { path: host.path } },
    })),
  ];
  const container = {
    name: 'exporter',
    image: images().node,
    command: ['node', ...nodeOptions, '/app/exporter.mjs', '--config', '/etc/lookout/exporter.json'],
    ports: [{ containerPort: port }],
    readinessProbe: { httpGet: { path: '/readyz', port }, periodSeconds: 1 },
    securityContext: securityOf(role),
    volumeMounts: configured.map((volume) => ({ name: volume.name, mountPath: volume.mountPath, readOnly: true })),
  };
  const account =
    'serviceAccount' in role
      ? { serviceAccountName: role.serviceAccount }
      : { automountServiceAccountToken: false, nodeName: role.nodeName };
  const volumes = configured.map((volume) => ({ name: volume.name, ...volume.source }));
  return { kind: 'Pod', metadata: { name, namespace }, spec: { ...account, containers: [container], volumes } };
}

/** Role `node` reads other people's directories: user 0 with that single capability. */
function securityOf(role: PodWish['role']): object {
  const restricted = {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    seccompProfile: { type: 'RuntimeDefault' },
  };
  if ('serviceAccount' in role)
    return { ...restricted, runAsNonRoot: true, runAsUser: 65534, capabilities: { drop: ['ALL'] } };
  return { ...restricted, runAsUser: 0, capabilities: { drop: ['ALL'], add: ['DAC_READ_SEARCH'] } };
}

export interface Reached {
  readonly scrape: () => Promise<(name: string, labels?: Readonly<Record<string, string>>) => number | undefined>;
  readonly samples: () => Promise<readonly ExpositionSample[]>;
  readonly explain: () => Promise<readonly Explanation[]>;
  readonly get: (path: string, token?: string) => Promise<Response>;
}

/** The way to an exporter until the test ends. */
export async function reach(namespace: string, name: string): Promise<Reached> {
  const { kubeconfig, context } = inject('cluster');
  const target = [`--kubeconfig=${kubeconfig}`, `--context=${context}`, `--namespace=${namespace}`];
  const forward = spawn('kubectl', ['port-forward', ...target, `pod/${name}`, `:${port}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void forward.kill());
  const [line] = await once(forward.stdout, 'data');
  const local = /127\.0\.0\.1:(\d+)/.exec(String(line))?.[1];
  const get = (path: string, bearer = token) =>
    fetch(`http://127.0.0.1:${local}${path}`, { headers: { authorization: `Bearer ${bearer}` } });
  const samples = async () => parseExposition(await (await get('/prometheus')).text());
  return {
    get,
    samples,
    scrape: async () => valueIn(await samples()),
    explain: async () => ((await (await get('/explain')).json()) as { sources: readonly Explanation[] }).sources,
  };
}

/** Sends SIGTERM to process 1 of a pod, nobody kills it later, and gives the exit code. */
export async function terminate(namespace: string, name: string): Promise<number> {
  inPod(namespace, name, "process.kill(1, 'SIGTERM')");
  const exitCode = () => {
    const { status } = kubectlJson<PodStatus>('get', 'pod', name, `--namespace=${namespace}`);
    return status.containerStatuses[0]?.lastState.terminated?.exitCode;
  };
  await until(() => exitCode() !== undefined);
  return exitCode() ?? Number.NaN;
}

interface PodStatus {
  readonly status: {
    readonly containerStatuses: readonly {
      readonly lastState: { readonly terminated?: { readonly exitCode: number } };
    }[];
  };
}

/** Names of the processes of a pod that have ended and that nobody has waited for. */
export function zombies(namespace: string, name: string): string {
  const script = `
    const { readdirSync, readFileSync } = require('node:fs');
    const stats = readdirSync('/proc').filter(Number).map((pid) => {
      try { return readFileSync('/proc/' + pid + '/stat', 'utf8'); } catch { return ''; }
    });
    console.log(stats.filter((stat) => / Z \\d+ /.test(stat)).join('\\n'));`;
  return inPod(namespace, name, script);
}

/** Runs a script with the Node of the pod; gives what it prints. */
export function inPod(namespace: string, name: string, script: string, ...args: readonly string[]): string {
  return kubectl(['exec', name, `--namespace=${namespace}`, '--', 'node', '-e', script, ...args]).trim();
}

/** The value of the one series with these labels among others; undefined when there is none. */
export function valueIn(samples: readonly ExpositionSample[]) {
  return (name: string, labels: Readonly<Record<string, string>> = {}): number | undefined => {
    const entries = Object.entries(labels);
    const found = samples.filter(
      (each) => each.name === name && entries.every(([key, text]) => each.labels[key] === text),
    );
    if (found.length > 1) throw new Error(`${found.length} series ${name} have ${JSON.stringify(labels)}`);
    return found[0]?.value;
  };
}
