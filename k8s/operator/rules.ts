import { parse } from 'yaml';
import { filesBelow, type ObjectSource } from '../component.ts';

/** One PrometheusRule for each rule file: a change of one topic is a change of one object. */
export const rules: ObjectSource = {
  name: 'rules',
  render: ({ files }) => ({
    objects: filesBelow('prometheus/rules', files).map(({ path, content }) => ({
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PrometheusRule',
      metadata: { name: `lookout-${path.replace(/\.yml$/, '')}` },
      // The format of a rule file and that of the object are one. Source: prometheus-operator, API reference, PrometheusRuleSpec.
      spec: parse(content) as object,
    })),
    secrets: [],
  }),
};
