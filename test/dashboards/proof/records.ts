import { analyse } from '../../../dashboards/lint/promql.ts';
import { ruleFile } from '../../../rules/files.ts';
import { ruleSet } from '../../../rules/index.ts';
import type { RecordingRule } from '../../../rules/types.ts';
import type { OutputFile, Stack } from '../../../stack/types.ts';

/**
 * The recording rules of a stack as versions of one rule file: each reads only what was scraped and what the versions before
 * it record. Path and name of the group stay, because promtool takes from them at which moments a group is evaluated.
 */
export function recordsInOrder(stack: Stack): readonly OutputFile[] {
  const interval = stack.intervals.evaluation;
  const waves: OutputFile[] = [];
  let waiting = ruleSet(stack).groups.flatMap(({ rules }) => rules.filter((rule) => 'record' in rule));
  while (waiting.length > 0) {
    const open = new Set(waiting.map(({ record }) => record));
    const ready = waiting.filter((rule) => !readsAny(rule, open));
    if (ready.length === 0) throw new Error(`recording rules read each other in a circle: ${[...open].join(', ')}`);
    waves.push(ruleFile({ name: 'records', interval, rules: ready }));
    waiting = waiting.filter((rule) => !ready.includes(rule));
  }
  return waves;
}

function readsAny({ expr }: RecordingRule, records: ReadonlySet<string>): boolean {
  return analyse(expr).selectors.some(({ metric }) => records.has(metric));
}
