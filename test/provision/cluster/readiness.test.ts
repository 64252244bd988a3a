import { describe, expect, test } from 'vitest';
import type { LiveObject } from '../../../provision/cluster/client/types.ts';
import { stateOf } from '../../../provision/cluster/wait/readiness.ts';

function daemonSet(status: object): LiveObject {
  const metadata = { name: 'node', uid: 'u', resourceVersion: '1', creationTimestamp: '', generation: 1 };
  return { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata, status };
}

describe('a DaemonSet', () => {
  test('that its controller has not seen is not ready, although it wants no pod yet', () => {
    const unseen = { currentNumberScheduled: 0, desiredNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0 };
    expect(stateOf(daemonSet(unseen))).toMatchObject({ phase: 'waiting' });
    expect(stateOf(daemonSet({ ...unseen, observedGeneration: 1 }))).toMatchObject({
      phase: 'ready',
      text: 'no node matches it',
    });
  });

  test('is ready when every node has an available pod of its last form', () => {
    const seen = { observedGeneration: 1, desiredNumberScheduled: 2, updatedNumberScheduled: 2 };
    expect(stateOf(daemonSet({ ...seen, numberAvailable: 1 })).text).toBe('1 of 2 available');
    expect(stateOf(daemonSet({ ...seen, updatedNumberScheduled: 1, numberAvailable: 2 })).phase).toBe('waiting');
    expect(stateOf(daemonSet({ ...seen, numberAvailable: 2 })).phase).toBe('ready');
  });
});
