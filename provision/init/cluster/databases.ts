import { type DatabaseEngine, databaseEngines } from '../../../stack/types.ts';
import { addressOf, runs } from './components.ts';
import type { Facts } from './facts.ts';
import type { Guess } from './guess.ts';

const images: Readonly<Record<DatabaseEngine, RegExp>> = {
  postgres: /(^|\/)(postgres|postgresql|postgis|timescaledb)(:|@|$)/,
  mongodb: /(^|\/)(mongo|mongodb|percona-server-mongodb)(:|@|$)/,
  redis: /(^|\/)(redis|valkey)(:|@|$)/,
};

/** What one must fill in: the exporter logs in as whom only a person can make. */
const login = { user: 'lookout', password: { secret: '<Secret>', key: '<key>' } };

/** Workloads whose image is a database. One outside the cluster is seen by nobody. */
export function guessDatabases({ workloads, services, namespace }: Facts): readonly Guess[] {
  return workloads.flatMap((workload): Guess[] => {
    const { name, namespace: place = namespace } = workload.metadata;
    const engine = databaseEngines.find((each) => runs(workload, images[each]));
    if (engine === undefined || place !== namespace) return [];
    const address = addressOf(workload, services) ?? '<host:port>';
    const why = `The image of ${name}; an exporter is installed that logs in. docs/kubernetes.md says what its user needs.`;
    return [{ value: { name, engine, address, ...(engine === 'redis' ? {} : login) }, why, sure: false }];
  });
}
