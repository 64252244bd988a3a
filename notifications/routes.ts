import { formatDuration } from '../common/durations.ts';
import type { Stack } from '../stack/types.ts';
import { receiverNames } from './receivers.ts';
import { type AlertFacts, type Inhibition, testLabel, watchdog } from './types.ts';

/** Labels without which an object's own label does not tell which one it is. */
const qualifiers: Readonly<Record<string, string>> = {
  claim: 'claim_namespace',
  cronjob: 'cronjob_namespace',
  path: 'node',
};

/**
 * One message tells one alert of one object, so that it has one state: several in one group would stay `firing` until the
 * last one ends. Severities differ in how often they repeat; what is merely `info` never reaches the chat when there is mail.
 */
export function rootRoute({ intervals, alertmanager }: Stack, { objects }: AlertFacts) {
  return {
    receiver: receiverNames.operators,
    group_by: [...new Set(['alertname', 'namespace', ...groupLabels(objects), testLabel])],
    group_wait: formatDuration(intervals.groupWait),
    group_interval: formatDuration(intervals.groupInterval),
    repeat_interval: formatDuration(intervals.repeat),
    routes: [
      {
        matchers: [`alertname="${watchdog}"`],
        receiver: alertmanager.heartbeat === null ? receiverNames.nobody : receiverNames.heartbeat,
        group_by: ['alertname'],
        group_wait: '0s',
        group_interval: formatDuration(intervals.collection),
        repeat_interval: formatDuration(intervals.groupInterval),
      },
      { matchers: ['severity="critical"'], receiver: receiverNames.operators },
      {
        matchers: ['severity="warning"'],
        receiver: receiverNames.operators,
        repeat_interval: formatDuration(intervals.repeat * 3),
      },
      {
        matchers: ['severity="info"'],
        receiver: receiverNames.informed,
        repeat_interval: formatDuration(intervals.repeat * 6),
      },
    ],
  };
}

/** Tests inhibit only tests of the same nonce: a label that both lack counts as equal. */
export function inhibitRule({ causes, effects, equal }: Inhibition) {
  return { source_matchers: [oneOf(causes)], target_matchers: [oneOf(effects)], equal: [...equal, testLabel] };
}

function oneOf(alerts: readonly string[]): string {
  return alerts.length === 1 ? `alertname="${alerts[0]}"` : `alertname=~"${alerts.join('|')}"`;
}

/** Alertmanager refuses a label that stands twice. */
function groupLabels(objects: readonly string[]): string[] {
  const ofObjects = objects.flatMap((object) => [object, qualifiers[object] ?? object]).sort();
  return [...new Set(['alertname', 'namespace', ...ofObjects, testLabel])];
}
