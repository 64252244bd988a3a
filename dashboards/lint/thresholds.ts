import type { Threshold, ValueMappingResult } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Panel } from '../types.ts';
import { panelRule, type Rule, variablesOf } from './parts.ts';

/** D7 (links) and D8 (thresholds and colours). */
export const thresholdRules: readonly Rule[] = [
  {
    name: 'it links to its siblings and takes time and variables along',
    check: ({ links, tags }) =>
      (links ?? []).some(
        (link) => link.type === 'dashboards' && link.keepTime && link.includeVars && tags?.includes(link.tags[0] ?? ''),
      )
        ? []
        : ['it does not link to its siblings'],
  },
  {
    name: 'no link hides in a menu',
    check: ({ links }) => ((links ?? []).some((link) => 'placement' in link) ? ['a link has a placement'] : []),
  },
  {
    name: 'the first value of a variable that cannot be all is one, not empty',
    check: (dashboard) =>
      variablesOf(dashboard)
        .filter(({ current }) => current?.value === '')
        .map(({ name }) => `variable ${name} begins with nothing`),
  },
  panelRule('thresholds rise, and the first has no lower end', (panel) =>
    stepsOf(panel).flatMap((steps) => [
      steps[0]?.value !== null && 'has a first threshold with a lower end',
      steps
        .slice(1)
        .some(({ value }, index) => value === null || (index > 0 && value <= (steps[index]?.value ?? value))) &&
        'has thresholds that do not rise',
    ]),
  ),
  panelRule('a colour is never the only signal', (panel) =>
    resultsOf(panel).map(
      ({ color, text }) => color !== undefined && !text && 'maps a value to a colour without a word',
    ),
  ),
];

function stepsOf({ fieldConfig }: Panel): readonly (readonly Threshold[])[] {
  const own = fieldConfig?.defaults.thresholds?.steps ?? [];
  const columns = properties(fieldConfig, 'thresholds') as { steps: Threshold[] }[];
  return [own, ...columns.map(({ steps }) => steps)];
}

function resultsOf({ fieldConfig }: Panel): readonly ValueMappingResult[] {
  const columns = properties(fieldConfig, 'mappings') as NonNullable<typeof fieldConfig>['defaults']['mappings'][];
  return [fieldConfig?.defaults.mappings, ...columns].flatMap((mappings) =>
    (mappings ?? []).flatMap((mapping) =>
      mapping.type === 'value' ? Object.values(mapping.options) : [mapping.options.result],
    ),
  );
}

function properties(fieldConfig: Panel['fieldConfig'], id: string): readonly unknown[] {
  return (fieldConfig?.overrides ?? []).flatMap((override) =>
    override.properties.filter((property) => property.id === id).map(({ value }) => value as unknown),
  );
}
