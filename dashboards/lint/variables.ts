import type { Dashboard } from '../types.ts';
import { panelsOf, type Rule, variableQuery, variablesOf } from './parts.ts';
import { analyse, variablesIn } from './promql.ts';

const queries = (dashboard: Dashboard) => variablesOf(dashboard).filter(({ type }) => type === 'query');
const builtIn = (name: string) => name.startsWith('__');

/** D2: variables that can be filled, are filled again, and are used. */
export const variableRules: readonly Rule[] = [
  {
    name: 'a variable has a label, a description and a first value, and is filled again when the time changes',
    check: (dashboard) =>
      queries(dashboard)
        .filter(
          ({ label, description, current, refresh }) => !(label && description && current?.value) || refresh !== 2,
        )
        .map(({ name }) => `variable ${name} lacks a label, a description, a first value or its refresh`),
  },
  {
    name: 'a variable asks for the values of a label with valid PromQL',
    check: (dashboard) =>
      queries(dashboard)
        .filter(({ query }) => {
          const { selector, label } = variableQuery(query);
          return selector === '' || label === '' || analyse(selector).errors.length > 0;
        })
        .map(({ name, query }) => `variable ${name} asks ${variableQuery(query).text}`),
  },
  {
    name: 'a variable that can mean all of them says how (allValue)',
    check: (dashboard) =>
      queries(dashboard)
        .filter(({ includeAll, allValue }) => includeAll && allValue !== '.+' && allValue !== '.*')
        .map(({ name }) => `variable ${name} has no allValue`),
  },
  {
    name: 'every variable is used',
    check: (dashboard) => {
      const used = new Set(
        variablesIn(JSON.stringify([dashboard.panels, queries(dashboard).map(({ query }) => query)])),
      );
      return variablesOf(dashboard)
        .filter(({ name }) => !used.has(name))
        .map(({ name }) => `variable ${name} is never used`);
    },
  },
  {
    name: 'every variable that is used exists',
    check: (dashboard) => {
      const defined = new Set(variablesOf(dashboard).map(({ name }) => name));
      const texts = [
        ...panelsOf(dashboard).map(({ targets }) => targets),
        ...queries(dashboard).map(({ query }) => query),
      ];
      return variablesIn(JSON.stringify(texts))
        .filter((name) => !defined.has(name) && !builtIn(name))
        .map((name) => `variable ${name} is used and does not exist`);
    },
  },
];
