import { panelRule, type Rule, targetsOf, variablesOf } from './parts.ts';

const reference = `\${datasource}`;

/** D1: everything asks the datasource that the reader chose. */
export const datasourceRules: readonly Rule[] = [
  {
    name: 'there is exactly one variable for the data source, named datasource and labelled "Data source"',
    check: (dashboard) => {
      const found = variablesOf(dashboard).filter(({ type }) => type === 'datasource');
      if (found.length !== 1) return [`there are ${found.length} variables for the data source`];
      return found[0]?.name === 'datasource' && found[0].label === 'Data source'
        ? []
        : [`the variable for the data source is named ${found[0]?.name} and labelled ${found[0]?.label}`];
    },
  },
  panelRule('every panel and query asks the chosen data source', (panel) => [
    panel.datasource?.uid !== reference && 'does not ask the chosen data source',
    ...targetsOf(panel).map(
      (target) => target.datasource?.uid !== reference && `query ${target.refId} does not ask the chosen data source`,
    ),
  ]),
  {
    name: 'every variable and annotation asks the chosen data source',
    check: (dashboard) => [
      ...variablesOf(dashboard)
        .filter(({ type, datasource }) => type === 'query' && datasource?.uid !== reference)
        .map(({ name }) => `variable ${name} does not ask the chosen data source`),
      ...(dashboard.annotations.list ?? [])
        .filter(({ datasource }) => datasource?.uid !== reference)
        .map(({ name }) => `annotation ${name} does not ask the chosen data source`),
    ],
  },
];
