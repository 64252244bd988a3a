import { parse } from 'yaml';
import { isOurs, type OutputFile, type Stack } from '../../stack/types.ts';
import type { Check, Finding } from './check.ts';
import { atEach } from './each.ts';
import { prometheusData, query, type Service } from './service.ts';

interface LoadedRule {
  readonly name: string;
  readonly type: 'alerting' | 'recording';
  readonly query: string;
  readonly health: string;
  readonly lastError?: string;
}

interface LoadedGroup {
  readonly name: string;
  readonly file: string;
  readonly rules: readonly LoadedRule[];
}

/** An operator's Prometheus has the rules of others too; its operator names files by namespace and object. */
function isOf({ name, file }: LoadedGroup, stack: Stack): boolean {
  return isOurs(stack, 'prometheus') || file.includes(`/${stack.namespace}-lookout-${name}-`);
}

interface WrittenRule {
  readonly alert?: string;
  readonly record?: string;
}

export const rulesHealthy: Check = {
  name: 'rules-healthy',
  title: 'every built rule is loaded and evaluates without an error',
  asks: ['prometheus'],
  run: ({ stack, prometheuses, outputs }) =>
    atEach(prometheuses, async (prometheus) => {
      const { groups } = await prometheusData<{ groups: readonly LoadedGroup[] }>(prometheus, '/api/v1/rules');
      const loaded = new Map(groups.filter((group) => isOf(group, stack)).map(({ name, rules }) => [name, rules]));
      return builtGroups(outputs).map(({ name, rules }) => judge(name, rules, loaded.get(name)));
    }),
};

/** The groups of the built rule files, in order. */
function builtGroups(outputs: readonly OutputFile[]) {
  return outputs
    .filter(({ path }) => path.startsWith('prometheus/rules/'))
    .flatMap(({ content }) => (parse(content) as { groups: { name: string; rules: WrittenRule[] }[] }).groups);
}

function judge(group: string, built: readonly WrittenRule[], loaded: readonly LoadedRule[] | undefined): Finding {
  const subject = `rule group ${group}`;
  if (loaded === undefined) return { ok: false, subject, evidence: 'Prometheus has not loaded it' };
  const names = built.map(({ alert, record }) => alert ?? record ?? '');
  const missing = names.filter((name) => !loaded.some((rule) => rule.name === name));
  if (missing.length > 0) return { ok: false, subject, evidence: `not loaded: ${missing.join(', ')}` };
  const broken = loaded.filter(({ health }) => health !== 'ok');
  if (broken.length > 0)
    return {
      ok: false,
      subject,
      evidence: broken.map(({ name, health, lastError }) => `${name}: ${lastError || health}`).join('; '),
    };
  return { ok: true, subject, evidence: `${loaded.length} rules healthy` };
}

export const watchdogFiring: Check = {
  name: 'watchdog',
  title: 'the alert that always fires reaches Alertmanager',
  asks: ['prometheus', 'alertmanager'],
  run: async ({ stack, prometheuses, alertmanagers }) => {
    // Others may have one of this name.
    const ours = `alertname="Watchdog",namespace="${stack.namespace}"`;
    return [
      ...(await atEach(prometheuses, (prometheus) => firingIn(prometheus, ours))),
      ...(await atEach(alertmanagers, (alertmanager) => receivedBy(alertmanager, ours))),
    ];
  },
};

async function firingIn(prometheus: Service, ours: string): Promise<readonly Finding[]> {
  const ok = (await query(prometheus, `ALERTS{${ours},alertstate="firing"}`)).length > 0;
  return [{ ok, subject: 'Watchdog in Prometheus', evidence: ok ? 'firing' : 'not firing' }];
}

async function receivedBy(alertmanager: Service, ours: string): Promise<readonly Finding[]> {
  const filters = ours.split(',').map((matcher) => `filter=${encodeURIComponent(matcher)}`);
  const response = await alertmanager.request(`/api/v2/alerts?${filters.join('&')}`);
  const ok = response.ok && ((await response.json()) as readonly unknown[]).length > 0;
  return [{ ok, subject: 'Watchdog in Alertmanager', evidence: ok ? 'received' : 'not received' }];
}
