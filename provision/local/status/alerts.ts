import { watchdog } from '../../../notifications/types.ts';
import type { PartClient } from '../types.ts';
import { askJson, askPrometheus } from './ask.ts';
import type { AlertView } from './types.ts';

/** Source: Prometheus documentation, "HTTP API", rules. */
interface RuleAnswer {
  readonly groups: readonly { readonly rules: readonly AlertingRule[] }[];
}

interface AlertingRule {
  readonly name: string;
  readonly duration: number;
  readonly alerts: readonly ActiveAlert[];
}

interface ActiveAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly state: 'pending' | 'firing';
  readonly activeAt: string;
}

/** Source: Alertmanager, api/v2/openapi.yaml, gettableAlert. */
export interface ToldAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly updatedAt: string;
  readonly status: { readonly silencedBy: readonly string[]; readonly inhibitedBy: readonly string[] };
}

export function askTold(alertmanager: PartClient): Promise<readonly ToldAlert[]> {
  return askJson(alertmanager, '/api/v2/alerts');
}

/** Pending and firing alerts with what Alertmanager does with them, the most urgent first; without the one that always fires. */
export async function askAlerts(prometheus: PartClient, told: readonly ToldAlert[]): Promise<readonly AlertView[]> {
  const { groups } = await askPrometheus<RuleAnswer>(prometheus, '/api/v1/rules?type=alert');
  return groups
    .flatMap(({ rules }) => rules)
    .filter(({ name }) => name !== watchdog)
    .flatMap((rule) => rule.alerts.map((alert) => view(rule, alert, told)))
    .sort((a, b) => urgency(a) - urgency(b) || b.activeAt - a.activeAt);
}

function view({ name, duration }: AlertingRule, alert: ActiveAlert, told: readonly ToldAlert[]): AlertView {
  const { labels, annotations, state, activeAt } = alert;
  const status = told.find((other) => isSame(labels, other.labels))?.status;
  return {
    name,
    severity: labels['severity'] ?? 'none',
    state,
    summary: annotations['summary'] ?? name,
    detail: annotations['detail'] ?? '',
    description: annotations['description'] ?? '',
    action: annotations['action'] ?? '',
    activeAt: Date.parse(activeAt),
    hold: duration,
    labels,
    runbook: annotations['runbook_url'] ?? null,
    dashboard: annotations['dashboard_url'] ?? null,
    silencedBy: status?.silencedBy ?? [],
    inhibited: (status?.inhibitedBy.length ?? 0) > 0,
  };
}

/** Alertmanager's labels are Prometheus' and the external ones. */
function isSame(labels: ActiveAlert['labels'], others: ToldAlert['labels']): boolean {
  return Object.entries(labels).every(([name, value]) => others[name] === value);
}

const severities = ['critical', 'warning', 'info'];

function urgency({ state, severity, silencedBy, inhibited }: AlertView): number {
  const rank = severities.indexOf(severity);
  const quiet = silencedBy.length > 0 || inhibited;
  return (quiet ? 20 : 0) + (state === 'pending' ? 10 : 0) + (rank < 0 ? severities.length : rank);
}
