import { formatDuration, parseDuration } from '../../common/durations.ts';
import { isOurs } from '../../stack/types.ts';
import type { Check } from './check.ts';
import { atEach } from './each.ts';
import { prometheusData } from './service.ts';

export const persistence: Check = {
  name: 'persistence',
  title: 'Prometheus keeps its data where it survives a restart, as long as declared',
  impossible: (stack) => (isOurs(stack, 'prometheus') ? undefined : 'Prometheus is run by others, who keep its data'),
  run: ({ stack, prometheuses, dataDirectory }) =>
    atEach(prometheuses, async (prometheus) => {
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
    }),
};
