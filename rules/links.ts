import { grafanaUid, type Stack } from '../stack/types.ts';
import type { Alert, Labels } from './types.ts';

/** Addresses for the annotations; only what something serves on this stack. */
export function links(stack: Stack, alert: Alert): Labels {
  return { ...runbookLink(stack, alert), ...dashboardLink(stack, alert) };
}

function runbookLink({ local }: Stack, { name }: Alert): Labels {
  return local === null ? {} : { runbook_url: `http://${local.startPage}/runbooks/${name}` };
}

/** Objects that a dashboard is narrowed to by a variable of another name, which is also a label of their alerts. */
const variables: Readonly<Record<string, string>> = { cronjob: 'backup' };

/** The dashboard, narrowed to the alerting object by its variable. */
function dashboardLink(stack: Stack, { panel, object }: Alert): Labels {
  const { grafana, namespace } = stack;
  if (grafana.url === null) return {};
  const variable = variables[object] ?? object;
  const narrowed = variable === 'namespace' ? '' : `&var-${variable}={{ $labels.${variable} | urlquery }}`;
  return {
    dashboard_url: `${grafana.url}/d/${grafanaUid(stack, panel.dashboard)}?var-namespace=${namespace}${narrowed}`,
  };
}
