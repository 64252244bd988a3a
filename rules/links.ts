import type { Stack } from '../stack/types.ts';
import type { Alert, Labels } from './types.ts';

/** Addresses for the annotations; only what something serves on this stack. */
export function links(stack: Stack, alert: Alert): Labels {
  return { ...runbookLink(stack, alert), ...dashboardLink(stack, alert) };
}

function runbookLink({ local }: Stack, { name }: Alert): Labels {
  return local === null ? {} : { runbook_url: `http://${local.startPage}/runbooks/${name}` };
}

/** The dashboard, narrowed to the alerting object by the variable of that name. */
function dashboardLink({ grafana, namespace }: Stack, { panel, object }: Alert): Labels {
  if (grafana.url === null) return {};
  const narrowed = object === 'namespace' ? '' : `&var-${object}={{ $labels.${object} | urlquery }}`;
  return { dashboard_url: `${grafana.url}/d/${panel.dashboard}?var-namespace=${namespace}${narrowed}` };
}
