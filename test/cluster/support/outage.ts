import { setTimeout as sleep } from 'node:timers/promises';
import { kubectl } from './kubectl.ts';
import { node } from './node.ts';

/** Seconds that an API server may take to start on a busy machine. */
const patience = 120;

/** Stops the API server of the cluster's own node, does the work, and starts it again whatever comes of the work. */
export async function withoutApi(work: () => Promise<void>): Promise<void> {
  node('stop', 'kube-apiserver');
  try {
    await work();
  } finally {
    node('start', 'kube-apiserver');
    await ready();
  }
}

async function ready(): Promise<void> {
  for (let second = 0; second < patience; second++) {
    if (answers()) return;
    await sleep(1000);
  }
  const log = node('logs', 'kube-apiserver').split('\n').slice(-30).join('\n');
  throw new Error(`the API server did not come back within ${patience} s:\n${log}`);
}

function answers(): boolean {
  try {
    return kubectl(['get', '--raw=/readyz', '--request-timeout=5s']) === 'ok';
  } catch {
    return false;
  }
}
