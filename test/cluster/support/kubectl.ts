import { randomBytes } from 'node:crypto';
import { afterAll, describe, inject } from 'vitest';
import { run } from '../../support/programs.ts';

/** Runs kubectl against the cluster of the tests, which is named at every call; gives what it prints. */
export function kubectl(args: readonly string[], input?: string): string {
  const { kubeconfig, context } = inject('cluster');
  return run(
    'kubectl',
    [`--kubeconfig=${kubeconfig}`, `--context=${context}`, ...args],
    input === undefined ? {} : { input },
  );
}

export function kubectlJson<Result>(...args: readonly string[]): Result {
  return JSON.parse(kubectl([...args, '--output=json'])) as Result;
}

export function apply(...objects: readonly object[]): void {
  const items = objects.map((object) => ({ apiVersion: 'v1', ...object }));
  kubectl(
    ['apply', '--server-side', '--force-conflicts', '--filename=-'],
    JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
  );
}

/** A namespace of its own for one test file, deleted after it. */
export function temporaryNamespace(labels: Readonly<Record<string, string>> = {}): string {
  const name = `lookout-test-${randomBytes(4).toString('hex')}`;
  apply({ kind: 'Namespace', metadata: { name, labels } });
  awaitAccount(name);
  afterAll(() => void kubectl(['delete', 'namespace', name, '--wait=false']));
  return name;
}

/** Tests that need the cluster's own node: elsewhere they are left out, with the reason in their name. */
export function onOwnNode(name: string, tests: () => void): void {
  if (inject('cluster').own) describe(name, tests);
  else
    describe.skip(
      `${name} (left out: only the cluster of test/cluster/node can be stopped and lies on this machine)`,
      tests,
    );
}

/** Without it no pod is admitted, and a controller makes it, which lags behind after an outage of the API server. */
function awaitAccount(namespace: string): void {
  const find = ['get', 'serviceaccount', 'default', `--namespace=${namespace}`, '--ignore-not-found', '--output=name'];
  for (let attempt = 0; attempt < 600; attempt++) if (kubectl(find) !== '') return;
  throw new Error(`the namespace ${namespace} was given no service account`);
}
