import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import type { AlertmanagerFile, Settings } from '../../../k8s/operator/alertmanager-file.ts';
import { definitions, withDefinitions } from '../../../k8s/operator/templates.ts';
import { alertmanagerFiles } from '../../../notifications/index.ts';
import type { AlertFacts } from '../../../notifications/types.ts';
import type { OutputFile, Stack } from '../../../stack/types.ts';
import { cases } from '../../notifications/cases.ts';
import { type Delivery, startDelivery } from '../../notifications/delivery.ts';
import { facts } from '../../notifications/facts.ts';
import { record, tell } from '../../notifications/record.ts';
import { expectGolden } from '../../support/golden.ts';
import { installed, newer } from '../../support/programs.ts';
import { localStack, productionStack } from '../../support/stacks.ts';

/** What Alertmanager reads, with the texts of an AlertmanagerConfig and without a template file. */
function withoutTemplates(stack: Stack, given: AlertFacts): readonly OutputFile[] {
  const files = alertmanagerFiles(stack, given);
  const known = definitions(files);
  const text = (value: unknown): unknown => {
    if (typeof value === 'string') return withDefinitions(value, known);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? texts(value as Settings) : value;
  };
  const texts = (settings: Settings): Settings =>
    Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, text(value)]));
  const { route, inhibit_rules, receivers } = parse(files[0]!.content) as AlertmanagerFile;
  const told = receivers.map(({ name, ...kinds }) => ({
    name,
    ...Object.fromEntries(Object.entries(kinds).map(([kind, all]) => [kind, (all as readonly Settings[]).map(texts)])),
  }));
  return [{ path: files[0]!.path, content: stringify({ route, inhibit_rules, receivers: told }, { lineWidth: 0 }) }];
}

const [title, generation, base] =
  newer === undefined ? (['installed', installed, localStack] as const) : (['newer', newer, productionStack] as const);

describe(`messages with every definition in the text that uses it (${title})`, () => {
  const stack = { ...base, timezone: 'Europe/Berlin' };
  let delivery: Delivery;
  beforeAll(async () => {
    delivery = await startDelivery(generation, stack, facts, undefined, withoutTemplates);
  });
  afterAll(async () => delivery?.close());

  test.each(cases)('$name is the very message that template files give', async (example) => {
    for (const [state, messages] of Object.entries(await tell(delivery, example))) {
      expect(messages.flatMap(({ faults }) => faults)).toEqual([]);
      expectGolden(
        `notifications/messages/${stack.name}/${example.name}.${state}.txt`,
        messages.map(record).join('\n'),
      );
    }
  });
});
