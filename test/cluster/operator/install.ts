import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { inject } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { apply, kubectl, kubectlJson } from '../support/kubectl.ts';
import { node } from '../support/node.ts';

const fixtures = resolve(import.meta.dirname, '../../fixtures/grafana-operator');

/** The namespace of the operator, its Prometheus and its Alertmanager. */
export const home = 'monitoring';

/** Whether the cluster has what `test/cluster/node/cluster operator` brings; its own node is given it. */
export function hasOperator(): boolean {
  const found = () => {
    try {
      return kubectl(['get', 'prometheus,alertmanager', 'main', `--namespace=${home}`, '--output=name']).includes(
        'main',
      );
    } catch {
      return false;
    }
  };
  if (!found() && inject('cluster').own) node('operator');
  return found();
}

/** The definitions of grafana-operator, as far as its documentation tells them, and a Grafana that it could run. */
export function defineGrafanas(namespace: string): void {
  const text = readFileSync(join(fixtures, 'minimal-definitions.yaml'), 'utf8');
  const definitions = parseAllDocuments(text).map((document) => document.toJS() as object);
  apply(...definitions);
  for (const kind of ['grafanas', 'grafanadashboards', 'grafanadatasources'])
    kubectl(['wait', '--for=condition=Established', `crd/${kind}.grafana.integreatly.org`, '--timeout=60s']);
  apply({
    apiVersion: 'grafana.integreatly.org/v1beta1',
    kind: 'Grafana',
    metadata: { name: 'central', namespace, labels: { dashboards: 'grafana' } },
    spec: {},
  });
}

/** Changes the specification of what the operator runs; a field that is null is taken away. */
export function patchOperated(kind: 'prometheus' | 'alertmanager', spec: object): void {
  const patch = JSON.stringify({ spec });
  kubectl(['patch', kind, 'main', `--namespace=${home}`, '--type=merge', `--patch=${patch}`]);
}

/** The configuration that the operator has made for its Alertmanager, gzipped. */
export function generatedConfiguration(): Buffer {
  const { data } = kubectlJson<{ data: Readonly<Record<string, string>> }>(
    'get',
    'secret',
    'alertmanager-main-generated',
    `--namespace=${home}`,
  );
  return Buffer.from(data['alertmanager.yaml.gz'] ?? '', 'base64');
}
