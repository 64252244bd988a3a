import { join } from 'node:path';
import type { PartSpec } from '../types.ts';
import type { PartContext } from './context.ts';
import { httpProbe } from './probe.ts';

/**
 * Runs in its configuration's directory, because it takes the paths of credentials from there, and in the operator's time
 * zone, because templates tell the time in the zone of the process. Alone: without an address for a cluster it forms none.
 */
export function alertmanagerPart({ stack, paths, programs, clients }: PartContext): PartSpec {
  const { address } = stack.alertmanager;
  const config = paths.config('alertmanager');
  return {
    name: 'alertmanager',
    title: 'Alertmanager',
    command: [
      programs.alertmanager,
      `--config.file=${join(config, 'alertmanager.yml')}`,
      `--web.config.file=${join(config, 'web.yml')}`,
      `--web.listen-address=${address}`,
      `--web.external-url=http://${address}/`,
      `--storage.path=${paths.data('alertmanager')}`,
      '--cluster.listen-address=',
    ],
    env: { TZ: stack.timezone },
    cwd: config,
    ipc: false,
    after: [],
    probe: httpProbe(clients.alertmanager, '/-/ready'),
    deadline: 20,
    patience: 10,
    addresses: [{ title: 'API', address: `http://${address}/` }],
  };
}
