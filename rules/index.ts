import type { OutputFile, Stack } from '../stack/types.ts';
import { alerting } from './alerts/alerting.ts';
import { applications } from './alerts/application.ts';
import { artifacts } from './alerts/artifacts.ts';
import { backups } from './alerts/backups.ts';
import { certificates } from './alerts/certificates.ts';
import { cronJobs } from './alerts/cronjobs.ts';
import { endpoints } from './alerts/endpoints.ts';
import { exporter } from './alerts/exporter.ts';
import { filesystems } from './alerts/filesystems.ts';
import { renewal } from './alerts/renewal.ts';
import { reserve } from './alerts/reserve.ts';
import { retention } from './alerts/retention.ts';
import { runs } from './alerts/runs.ts';
import { stackItself } from './alerts/stack.ts';
import { verification } from './alerts/verification.ts';
import { volumes } from './alerts/volumes.ts';
import { thresholdInForce } from './context.ts';
import { ruleFile } from './files.ts';
import { type OverrideProblem, overrideProblems } from './overrides.ts';
import { renderTopic, whyNot } from './render.ts';
import { runbookPage } from './runbooks.ts';
import type { Alert, RuleSet, Threshold, Topic } from './types.ts';

export { inhibitions } from './inhibition.ts';

/** One file in `rules/alerts/` per topic. */
export const topics: readonly Topic[] = [
  backups,
  verification,
  artifacts,
  retention,
  reserve,
  cronJobs,
  runs,
  volumes,
  filesystems,
  certificates,
  renewal,
  endpoints,
  exporter,
  applications,
  stackItself,
  alerting,
];

export const alerts: readonly Alert[] = topics.flatMap((topic) => topic.alerts);

/** Keys that the section `alerts` of an environment may have. */
export const alertNames: readonly string[] = alerts.map(({ name }) => name);

/** The rules of a stack, and the alerts that are left out of it with the reason. */
export function ruleSet(stack: Stack): RuleSet {
  return {
    groups: topics.flatMap((topic) => renderTopic(stack, topic) ?? []),
    skipped: alerts.flatMap((alert) => {
      const reason = whyNot(stack, alert);
      return reason === undefined ? [] : [{ alert: alert.name, reason }];
    }),
  };
}

/** The same as rule files. */
export function ruleFiles(stack: Stack): readonly OutputFile[] {
  return ruleSet(stack).groups.map(ruleFile);
}

/** The threshold of an alert that is in force on a stack; null when it has none. Throws for a name that is no alert. */
export function thresholdOf(stack: Stack, name: string): Threshold | null {
  return thresholdInForce(stack, find(name));
}

/** The runbook of an alert as Markdown, with the values in force on a stack; undefined for a name that is no alert. */
export function runbook(stack: Stack, name: string): string | undefined {
  return alertNames.includes(name) ? runbookPage(stack, find(name)) : undefined;
}

/** What is wrong with the section `alerts` of a stack's environment. */
export function alertProblems(stack: Stack): readonly OverrideProblem[] {
  return overrideProblems(stack, alerts);
}

function find(name: string): Alert {
  const alert = alerts.find((one) => one.name === name);
  if (alert === undefined) throw new Error(`there is no alert ${name}`);
  return alert;
}
