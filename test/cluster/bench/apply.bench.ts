import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import type { KubernetesObject } from '../../../k8s/types.ts';
import { atMost, type Result, timesBaseline } from '../../bench/result.ts';
import { temporaryFolder } from '../../exporter/support/folder.ts';
import { configMap, namespaceOfTest, workload } from '../apply/support.ts';
import { kubectl } from '../support/kubectl.ts';

const repetitions = 5;

/** What a stack consists of, in about its proportions. */
function objects(namespace: string): readonly KubernetesObject[] {
  const many = <Item>(count: number, make: (index: number) => Item) =>
    Array.from({ length: count }, (_, index) => make(index));
  return [
    ...many(100, (index) =>
      configMap(namespace, `map-${index}`, { 'a.json': JSON.stringify({ text: 'x'.repeat(4000) }) }),
    ),
    ...many(50, (index) => service(namespace, `service-${index}`)),
    ...many(25, (index) => role(namespace, `role-${index}`)),
    ...many(25, (index) => workload('Deployment', namespace, `web-${index}`, {}, { replicas: 0 })),
  ];
}

function service(namespace: string, name: string): KubernetesObject {
  const spec = { selector: { app: name }, ports: [{ name: 'http', port: 80 }] };
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec };
}

function role(namespace: string, name: string): KubernetesObject {
  const rules = [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }];
  return { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name, namespace }, rules };
}

/** Whole processes, ours and kubectl in turn, each in a namespace of its own with the same objects. */
test('a plan and an apply of 200 objects with nothing to change', { timeout: 600_000 }, () => {
  const folder = temporaryFolder();
  const [ours, theirs] = [namespaceOfTest(), namespaceOfTest()];
  const file = (name: string, content: unknown) => {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify(content));
    return path;
  };
  const own = file('ours.json', objects(ours));
  const list = file('theirs.json', { apiVersion: 'v1', kind: 'List', items: objects(theirs) });
  const lookout = (command: string) => () => runProgram(ours, own, command);
  const kubectlApply = () => void kubectl(['apply', '--server-side', `--filename=${list}`]);
  lookout('apply')();
  kubectlApply();
  const times = Array.from({ length: repetitions }, () => ({
    apply: seconds(() => expect(lookout('apply')()).toBe('done')),
    plan: seconds(() => expect(lookout('plan')()).toBe('no change')),
    kubectl: seconds(kubectlApply),
  }));
  const baseline = [{ name: 'kubectl apply --server-side', values: times.map((time) => time.kubectl) }];
  const results: readonly Result[] = [
    {
      work: 'apply, nothing to change',
      unit: 's',
      values: times.map(({ apply }) => apply),
      baselines: baseline,
      target: timesBaseline(0.5),
    },
    {
      work: 'plan, nothing to change',
      unit: 's',
      values: times.map(({ plan }) => plan),
      baselines: baseline,
      target: atMost(1),
    },
  ];
  writeFileSync(process.env['LOOKOUT_BENCH'] ?? '', JSON.stringify(results));
});

/** The last line that it prints. */
function runProgram(namespace: string, file: string, command: string): string | undefined {
  const { kubeconfig, context } = inject('cluster');
  const program = join(import.meta.dirname, '../apply/program.ts');
  const args = [program, kubeconfig, context, namespace, file, command];
  return execFileSync(process.execPath, args, { encoding: 'utf8' }).trim().split('\n').at(-1);
}

function seconds(work: () => void): number {
  const started = performance.now();
  work();
  return (performance.now() - started) / 1000;
}
