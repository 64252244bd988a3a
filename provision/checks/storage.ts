import { formatDuration, parseDuration } from '../../common/durations.ts';
import type { Check } from './check.ts';
import { prometheusData } from './service.ts';

export const persistence: Check = {
  name: 'persistence',
  title: 'Prometheus keeps its data where it survives a restart, as long as declared',
  run: async ({ stack, prometheus, dataDirectory }) => {
    const flags = await prometheusData<Readonly<Record<string, string>>>(prometheus, '/api/v1/status/flags');
    const path = flags['storage.tsdb.path'] ?? '';
    const retention = flags['storage.tsdb.retention.time'] ?? '';
    const wanted = stack.prometheus.retention.time;
    return [
      {
        ok: path === dataDirectory,
        subject: 'data directory',
        evidence: `${path || 'not set'}, expected ${dataDirectory}`,
      },
      {
        ok: parseDuration(retention) === wanted,
        subject: 'retention',
        evidence: `${retention || 'not set'}, expected ${formatDuration(wanted)}`,
      },
    ];
  },
};

export const configurationApplied: Check = {
  name: 'configuration-applied',
  title: 'what runs is what the environment builds now',
  run: async ({ outputs, applied, prometheus, alertmanager }) => {
    const differing = outputs.filter(({ path, content }) => applied(path) !== content);
    const evidence =
      differing.length === 0
        ? `${outputs.length} files equal`
        : `${differing.length} of ${outputs.length} differ: ${differing
            .map(({ path }) => path)
            .slice(0, 5)
            .join(', ')}`;
    return [
      { ok: differing.length === 0, subject: 'files', evidence },
      await reloaded('Prometheus', prometheus, 'prometheus_config_last_reload_successful'),
      await reloaded('Alertmanager', alertmanager, 'alertmanager_config_last_reload_successful'),
    ];
  },
};

/** The program's own word on its last reading of its configuration, from its own metrics. */
async function reloaded(title: string, service: { request: (path: string) => Promise<Response> }, metric: string) {
  const response = await service.request('/metrics');
  const value = new RegExp(`^${metric} (\\S+)$`, 'm').exec(await response.text())?.[1];
  return {
    ok: value === '1',
    subject: `${title} configuration`,
    evidence: value === '1' ? 'loaded' : `last reading failed (${metric} ${value ?? 'absent'})`,
  };
}
