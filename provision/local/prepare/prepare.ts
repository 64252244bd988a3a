import { join } from 'node:path';
import { localAddresses } from '../../../stack/defaults.ts';
import type { Stack } from '../../../stack/types.ts';
import { buildOutputs } from '../../build/outputs.ts';
import { openLocal, type Surroundings } from '../environment.ts';
import { listenAt } from '../parts/address.ts';
import { type DemonstrationAddresses, demonstrationFiles } from '../parts/demonstration.ts';
import { inboxFiles } from '../parts/inbox.ts';
import type { LocalPaths } from '../paths.ts';
import { choosePorts, type PortChoice, type PortWish } from '../ports.ts';
import { runbookFiles } from '../runbooks.ts';
import { localValues } from '../secrets.ts';
import type { Selection } from '../selection.ts';
import { configure, makePrivate } from './configure.ts';

/** A local stack that is ready to be started: everything its parts read is in the state directory. Plain data without secrets. */
export interface Prepared {
  readonly stack: Stack;
  readonly ports: readonly PortChoice[];
  readonly demonstration: DemonstrationAddresses;
}

/** Chooses the ports, resolves the environment with them, builds its outputs and puts them into the state directory. */
export async function prepare(
  selection: Selection,
  declared: Stack,
  paths: LocalPaths,
  surroundings: Surroundings,
): Promise<Prepared> {
  makePrivate(paths.state);
  const ports = await choosePorts(wishes(declared), join(paths.run, 'ports.json'));
  const addresses = new Map(ports.map(({ name, port }) => [name, `127.0.0.1:${port}`]));
  const { stack, own } = await openLocal(selection, surroundings, Object.fromEntries(addresses));
  const at = (name: string) => addresses.get(name) ?? '127.0.0.1:0';
  const demonstration = {
    demoApp: at('demoApp'),
    demoHttps: at('demoHttps'),
    health: { app: listenAt(at('appHealth')).port, jobs: listenAt(at('jobsHealth')).port },
  };
  const values = localValues(stack, { directory: paths.credentials, env: surroundings.env });
  const files = [
    ...buildOutputs(stack, own),
    ...runbookFiles(stack, own),
    ...inboxFiles(stack, paths),
    ...(stack.local?.demonstration ? demonstrationFiles(stack, paths, demonstration) : []),
  ];
  await configure(stack, paths, files, values);
  return { stack, ports, demonstration };
}

/** The ports that a stack needs; their names are those of `Addresses` in stack/defaults.ts, and two of our own. */
function wishes({ local }: Stack): readonly PortWish[] {
  const wish = (name: keyof typeof localAddresses, title: string): PortWish => ({
    name,
    title,
    default: listenAt(localAddresses[name]).port,
  });
  return [
    wish('startPage', 'start page'),
    wish('exporter', 'exporter'),
    wish('prometheus', 'Prometheus'),
    wish('alertmanager', 'Alertmanager'),
    ...(local?.inbox ? [wish('inboxSmtp', 'SMTP of the inbox'), wish('inboxHttp', 'inbox')] : []),
    ...(local?.demonstration
      ? [
          wish('demoApp', 'shop'),
          wish('demoHttps', 'shop by TLS'),
          { name: 'appHealth', title: 'health of the shop', default: 19_308 },
          { name: 'jobsHealth', title: 'health of the jobs', default: 19_309 },
        ]
      : []),
  ];
}
