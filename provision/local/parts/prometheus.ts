import { join } from 'node:path';
import { formatDuration } from '../../../common/durations.ts';
import { resendDelay } from '../../checks/watchdog.ts';
import type { PartSpec } from '../types.ts';
import type { PartContext } from './context.ts';
import { httpProbe } from './probe.ts';

/**
 * Seconds of production for which a series without new samples still answers; Prometheus' own default. At its end Prometheus
 * 2 does not mark series as ended: until then the targets of a run on other ports seem to be up.
 */
const lookback = 300;

/**
 * Starts last and stops first, so that no target is seen down that is only starting or stopping. Runs in the operator's time
 * zone, because the templates of annotations tell the time in the zone of the process. GOGC: memory is dearer here than time.
 */
export function prometheusPart({ stack, paths, programs, clients }: PartContext, after: readonly string[]): PartSpec {
  const { address, retention } = stack.prometheus;
  const config = paths.config('prometheus');
  return {
    name: 'prometheus',
    title: 'Prometheus',
    command: [
      programs.prometheus,
      `--config.file=${join(config, 'prometheus.yml')}`,
      `--web.config.file=${join(config, 'web.yml')}`,
      `--web.listen-address=${address}`,
      `--web.external-url=http://${address}/`,
      '--web.enable-lifecycle',
      `--storage.tsdb.path=${paths.data('prometheus')}`,
      `--storage.tsdb.retention.time=${formatDuration(retention.time)}`,
      ...(retention.size === null ? [] : [`--storage.tsdb.retention.size=${retention.size}B`]),
      `--rules.alert.resend-delay=${formatDuration(resendDelay / stack.pace)}`,
      `--query.lookback-delta=${formatDuration(lookback / stack.pace)}`,
    ],
    env: { TZ: stack.timezone, GOGC: '50' },
    cwd: config,
    ipc: false,
    after,
    probe: httpProbe(clients.prometheus, '/-/ready'),
    deadline: 60,
    patience: 30,
    addresses: [{ title: 'API', address: `http://${address}/` }],
  };
}
