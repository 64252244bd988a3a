import { isApiError } from '../client/errors.ts';
import { list } from '../client/objects.ts';
import { describeRequirement, unmet } from '../operators/label-selector.ts';
import type { PreflightCheck } from './context.ts';

export const grafanas: PreflightCheck = {
  name: 'grafanas',
  title: 'a Grafana of grafana-operator takes the dashboards',
  impossible: ({ cluster }) =>
    cluster?.flavour === 'operator' && cluster.operator.dashboards === 'grafana-operator'
      ? undefined
      : 'no dashboard is delivered by grafana-operator',
  run: async ({ cluster, stack }) => {
    const matchLabels = stack.cluster.operator.grafana;
    const wanted = Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`);
    const subject = `Grafana with ${wanted.length === 0 ? 'any labels' : wanted.join(', ')}`;
    const found = await list(cluster, { apiVersion: 'grafana.integreatly.org/v1beta1', kind: 'Grafana' }).catch(
      (error: unknown) => {
        if (isApiError(error, 403)) return null;
        throw error;
      },
    );
    if (found === null)
      return [{ ok: true, remark: true, subject, evidence: 'these rights do not show whether there is one' }];
    const judged = found.map(({ metadata }) => ({
      name: `${metadata.namespace}/${metadata.name}`,
      missing: unmet({ matchLabels }, metadata.labels ?? {}).map(describeRequirement),
    }));
    const taking = judged.filter(({ missing }) => missing.length === 0).map(({ name }) => name);
    if (taking.length > 0) return [{ ok: true, subject, evidence: `${taking.join(', ')} shows them` }];
    const others = judged.map(({ name, missing }) => `${name} has not ${missing.join(' and ')}`).join('; ');
    const remedy = 'write its labels in operator.grafana, or another way in operator.dashboards';
    return [
      {
        ok: false,
        subject,
        evidence: `there is none (${others === '' ? 'no Grafana object at all' : others}): ${remedy}`,
      },
    ];
  },
};
