import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectGolden } from '../support/golden.ts';
import { generations, newer } from '../support/programs.ts';
import { localStack, productionStack } from '../support/stacks.ts';
import { cases } from './cases.ts';
import { type Delivery, startDelivery } from './delivery.ts';
import { facts } from './facts.ts';
import { record, tell } from './record.ts';

const berlin = { ...localStack, timezone: 'Europe/Berlin' };
const runs = [
  ...generations.map((generation) => ({ title: `local, ${generation.name}`, generation, stack: berlin })),
  ...(newer === undefined
    ? []
    : [{ title: 'production, newer', generation: newer, stack: { ...productionStack, timezone: 'Europe/Berlin' } }]),
];

test.runIf(newer === undefined)(
  'LOOKOUT_NEWER_BIN is not set: messages of the newer generation are not tested',
  () => {},
);

describe.each(runs)('messages through a real Alertmanager ($title)', ({ generation, stack }) => {
  let delivery: Delivery;
  beforeAll(async () => {
    delivery = await startDelivery(generation, stack, facts);
  });
  afterAll(async () => delivery?.close());

  test.each(cases)('$name is as recorded and without a fault', async (example) => {
    for (const [state, messages] of Object.entries(await tell(delivery, example))) {
      expect(messages.flatMap(({ faults }) => faults)).toEqual([]);
      expectGolden(
        `notifications/messages/${stack.name}/${example.name}.${state}.txt`,
        messages.map(record).join('\n'),
      );
    }
  });
});
