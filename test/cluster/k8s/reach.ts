import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { inject, onTestFinished } from 'vitest';

export interface Reached {
  /** Asks as the user of the stack; without credentials when they are null. */
  readonly ask: (path: string, password: string | null) => Promise<Response>;
  readonly bearer: (path: string, token: string) => Promise<Response>;
  readonly post: (path: string, password: string, body: object) => Promise<Response>;
}

/** The way to a port of a pod until the test ends. */
export async function reachPod(namespace: string, target: string, port: number): Promise<Reached> {
  const { kubeconfig, context } = inject('cluster');
  const where = [`--kubeconfig=${kubeconfig}`, `--context=${context}`, `--namespace=${namespace}`];
  const forward = spawn('kubectl', ['port-forward', ...where, target, `:${port}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void forward.kill());
  const [line] = await once(forward.stdout, 'data');
  const local = /127\.0\.0\.1:(\d+)/.exec(String(line))?.[1];
  const send = (path: string, headers: Record<string, string>, body?: object) =>
    fetch(`http://127.0.0.1:${local}${path}`, {
      headers: { ...headers, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
  const basic = (password: string) => ({ authorization: `Basic ${btoa(`lookout:${password}`)}` });
  return {
    ask: (path, password) => send(path, password === null ? {} : basic(password)),
    bearer: (path, token) => send(path, { authorization: `Bearer ${token}` }),
    post: (path, password, body) => send(path, basic(password), body),
  };
}

/** The value of a query's first series; NaN when there is none. */
export async function queryValue({ ask }: Reached, password: string, query: string): Promise<number> {
  const answer = await ask(`/api/v1/query?query=${encodeURIComponent(query)}`, password);
  const { data } = (await answer.json()) as { data: { result: readonly { value: [number, string] }[] } };
  return Number(data.result[0]?.value[1]);
}

export interface Target {
  readonly labels: Readonly<Record<string, string>>;
  readonly health: string;
  readonly lastError: string;
}

/** What Prometheus says of its targets: `job health` and, of one that is not up, why. */
export async function targets({ ask }: Reached, password: string): Promise<readonly string[]> {
  const answer = await ask('/api/v1/targets?state=active', password);
  const { data } = (await answer.json()) as { data: { activeTargets: readonly Target[] } };
  return data.activeTargets
    .map(({ labels, health, lastError }) => `${labels['job']} ${health} ${lastError}`.trim())
    .sort();
}
