import type { View } from '../../../provision/cluster/wait/progress.ts';
import type { Round } from '../../../provision/cluster/wait/table.ts';

export function view(name: string, state: string, waited: number, hopeless = false): View {
  const reference = { apiVersion: 'apps/v1', kind: 'StatefulSet', namespace: 'shop', name };
  return { reference, state, waited, hopeless, explanation: undefined };
}

const prometheus = view('lookout-prometheus', '0 of 1 ready: pod lookout-prometheus-0 is not scheduled yet', 3000);
const grafana = view('lookout-grafana', 'container grafana: image cannot be pulled', 12_400, true);

export const firstRound: Round = { total: 4, views: [prometheus, grafana], elapsed: 12_000 };
export const secondRound: Round = { total: 4, views: [grafana], elapsed: 13_000 };
