import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { grafanaUid, type Stack } from '../../stack/types.ts';
import type { Matcher } from './selectors.ts';

/** The datasource that Lookout provisions; the variable `datasource` begins with it and can be changed. */
export function ownDatasource(stack: Stack): { readonly uid: string; readonly name: string } {
  return { uid: grafanaUid(stack, 'lookout-prometheus'), name: sharedTitle(stack, 'Lookout') };
}

/** Of the Jaeger that the stack's traces go to. */
export function jaegerDatasource(stack: Stack): { readonly uid: string; readonly name: string } {
  return { uid: grafanaUid(stack, 'lookout-jaeger'), name: sharedTitle(stack, 'Lookout Jaeger') };
}

/** Of what stands beside that of other stacks in a Grafana of others. */
export function sharedTitle(stack: Stack, title: string): string {
  return stack.cluster?.flavour === 'operator' ? `${title} ${stack.name}` : title;
}

/** What every panel, target and variable refers to. */
export const datasource = { type: 'prometheus', uid: `\${datasource}` };

export function datasourceVariable(stack: Stack) {
  const { uid, name } = ownDatasource(stack);
  return new DatasourceVariableBuilder('datasource')
    .label('Data source')
    .description('The Prometheus that the panels ask.')
    .type('prometheus')
    .current({ selected: true, text: name, value: uid });
}

/** The namespace that is shown: the stack's own at first; another where several stacks share one Prometheus. */
export function namespaceVariable(namespace: string) {
  return queryVariable(
    'namespace',
    'Namespace',
    'The namespace that is watched.',
    'label_values(up, namespace)',
  ).current({ selected: true, text: namespace, value: namespace });
}

/** A variable over the values of one label, all of them at first, and the matcher that uses it. */
export function severalOf(name: string, label: string, description: string, selector: string) {
  const selected: Matcher = { matches: `$${name}` };
  const variable = () =>
    queryVariable(name, label, description, `label_values(${selector}, ${name})`)
      .multi(true)
      .includeAll(true)
      .allValue('.+')
      .current({ selected: true, text: ['All'], value: ['$__all'] });
  return { selected, variable };
}

/** The same for exactly one value. */
export function oneOf(name: string, label: string, description: string, selector: string) {
  const variable = (first: string) =>
    queryVariable(name, label, description, `label_values(${selector}, ${name})`).current({
      selected: true,
      text: first,
      value: first,
    });
  return { selected: `$${name}`, variable };
}

function queryVariable(name: string, label: string, description: string, query: string) {
  return new QueryVariableBuilder(name)
    .label(label)
    .description(description)
    .query({ qryType: 1, query, refId: 'PrometheusVariableQueryEditor-VariableQuery' })
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.NaturalAsc);
}
