import { parse } from 'yaml';
import type { OutputFile } from '../../stack/types.ts';
import type { Check, Finding } from './check.ts';
import { prometheusData, query } from './service.ts';

interface LoadedRule {
  readonly name: string;
  readonly type: 'alerting' | 'recording';
  readonly query: string;
  readonly health: string;
  readonly lastError?: string;
}

interface WrittenRule {
  readonly alert?: string;
  readonly record?: string;
}

export const rulesHealthy: Check = {
  name: 'rules-healthy',
  title: 'every built rule is loaded and evaluates without an error',
  run: async ({ prometheus, outputs }) => {
    const { groups } = await prometheusData<{ groups: readonly { name: string; rules: readonly LoadedRule[] }[] }>(
      prometheus,
      '/api/v1/rules',
    );
    const loaded = new Map(groups.map(({ name, rules }) => [name, rules]));
    return builtGroups(outputs).map(({ name, rules }) => judge(name, rules, loaded.get(name)));
  },
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
  run: async ({ prometheus, alertmanager }) => {
    const firing = await query(prometheus, 'ALERTS{alertname="Watchdog",alertstate="firing"}');
    const response = await alertmanager.request('/api/v2/alerts?filter=alertname%3D%22Watchdog%22');
    const received = response.ok ? ((await response.json()) as readonly unknown[]).length : 0;
    return [
      {
        ok: firing.length > 0,
        subject: 'Watchdog in Prometheus',
        evidence: firing.length > 0 ? 'firing' : 'not firing',
      },
      { ok: received > 0, subject: 'Watchdog in Alertmanager', evidence: received > 0 ? 'received' : 'not received' },
    ];
  },
};
