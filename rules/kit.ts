/** What rules are made of: `lookout/rules` for those of an environment, which are written as ours are. */
export * from './scenarios.ts';
export * from './templates.ts';
export type {
  Alert,
  AlertContext,
  InputSeries,
  Labels,
  RecordingRule,
  RuleContext,
  Runbook,
  Scenario,
  Threshold,
  Topic,
} from './types.ts';
export * from './vocabulary.ts';
