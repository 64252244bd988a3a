import { stringify } from 'yaml';
import { formatDuration } from '../common/durations.ts';
import type { OutputFile } from '../stack/types.ts';
import type { RecordingRule, RenderedAlert, RuleGroup } from './types.ts';

/** A rule file of one group. Format: Prometheus documentation, "Recording rules" and "Alerting rules". */
export function ruleFile(group: RuleGroup): OutputFile {
  return { path: `prometheus/rules/${group.name}.yml`, content: ruleFileContent([group]) };
}

export function ruleFileContent(groups: readonly RuleGroup[]): string {
  const document = {
    groups: groups.map(({ name, interval, rules }) => ({
      name,
      interval: formatDuration(interval),
      rules: rules.map(ruleDocument),
    })),
  };
  return stringify(document, { lineWidth: 0 });
}

function ruleDocument(rule: RecordingRule | RenderedAlert) {
  if ('record' in rule) return rule;
  const { alert, expr, labels, annotations } = rule;
  return { alert, expr, ...(rule.for === 0 ? {} : { for: formatDuration(rule.for) }), labels, annotations };
}
