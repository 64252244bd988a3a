import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Stack } from '../../stack/types.ts';
import { generations, newer } from '../support/programs.ts';
import { localStack, productionStack } from '../support/stacks.ts';
import { startDelivery } from './delivery.ts';
import { facts } from './facts.ts';

const runs = [
  ...generations.map((generation) => ({
    title: `0.25, ${generation.name}`,
    generation,
    stack: withHeartbeat(localStack),
  })),
  ...(newer === undefined ? [] : [{ title: 'later, newer', generation: newer, stack: withHeartbeat(productionStack) }]),
];

describe.each(runs)('heartbeat ($title)', ({ generation, stack }) => {
  let outside: Server;
  let calls: string[];
  beforeEach(async () => {
    calls = [];
    outside = createServer((request, response) => {
      calls.push(`${request.method} ${request.url}`);
      request.resume().on('end', () => response.end('ok'));
    }).listen(0, '127.0.0.1');
    await once(outside, 'listening');
  });
  afterEach(() => {
    outside.closeAllConnections();
    outside.close();
  });

  test('the Watchdog calls the secret address and tells nobody', async () => {
    const { port } = outside.address() as AddressInfo;
    const delivery = await startDelivery(generation, stack, facts, `http://127.0.0.1:${port}/ping/secret`);
    try {
      await delivery.post([
        { labels: { alertname: 'Watchdog', severity: 'info' } },
        { labels: { alertname: 'BackupMissed', severity: 'critical', backup: 'x' } },
      ]);
      await delivery.arrived(({ labels }) => labels['alertname'] === 'BackupMissed');
      while (calls.length < 2) await once(outside, 'request');
      expect(new Set(calls)).toEqual(new Set(['POST /ping/secret']));
      expect((await delivery.messages()).filter(({ labels }) => labels['alertname'] === 'Watchdog')).toEqual([]);
    } finally {
      await delivery.close();
    }
  });
});

/** It repeats at once, so that a second call shows that it goes on. */
function withHeartbeat(stack: Stack): Stack {
  return { ...stack, alertmanager: { ...stack.alertmanager, heartbeat: 'heartbeat-url' } };
}
