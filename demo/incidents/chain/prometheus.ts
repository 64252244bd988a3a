import type { PartClient } from '../../../provision/local/types.ts';
import type { Target } from '../types.ts';

export interface AlertReading {
  readonly state: 'inactive' | 'pending' | 'firing';
  /** Milliseconds since the epoch; null when it is inactive. */
  readonly activeAt: number | null;
  /** Seconds that the condition must hold. */
  readonly hold: number;
}

interface RuleGroups {
  readonly data: { readonly groups: readonly { readonly rules: readonly Rule[] }[] };
}

interface Rule {
  readonly name: string;
  readonly duration: number;
  readonly alerts: readonly {
    readonly state: 'pending' | 'firing';
    readonly activeAt: string;
    readonly labels: Readonly<Record<string, string>>;
  }[];
}

/** The alert of this name about this target. Source: Prometheus HTTP API, "Rules". @throws Error when there is no such rule. */
export async function readAlert(name: string, target: Target, prometheus: PartClient): Promise<AlertReading> {
  const { data } = (await json(prometheus, '/api/v1/rules?type=alert')) as RuleGroups;
  const rule = data.groups.flatMap(({ rules }) => rules).find((candidate) => candidate.name === name);
  if (rule === undefined) throw new Error(`Prometheus has no alert ${name}: were its rules loaded?`);
  const alert = rule.alerts.find(({ labels }) => labels[target.label] === target.name);
  if (alert === undefined) return { state: 'inactive', activeAt: null, hold: rule.duration };
  return { state: alert.state, activeAt: Date.parse(alert.activeAt), hold: rule.duration };
}

/** Whether the query gives anything. */
export async function hasResult(query: string, prometheus: PartClient): Promise<boolean> {
  const answer = await json(prometheus, `/api/v1/query?query=${encodeURIComponent(query)}`);
  return (answer as { data: { result: readonly unknown[] } }).data.result.length > 0;
}

async function json(client: PartClient, path: string): Promise<unknown> {
  const response = await client(path);
  if (!response.ok) throw new Error(`Prometheus answered ${path.split('?')[0]} with ${response.status}`);
  return response.json();
}
