import type { OutputFile, Stack } from '../stack/types.ts';
import { alerting } from './alerts/alerting.ts';
import { applications } from './alerts/application.ts';
import { artifacts } from './alerts/artifacts.ts';
import { backups } from './alerts/backups.ts';
import { certificates } from './alerts/certificates.ts';
import { cronJobs } from './alerts/cronjobs.ts';
import { databases } from './alerts/databases.ts';
import { endpoints } from './alerts/endpoints.ts';
import { exporter } from './alerts/exporter.ts';
import { filesystems } from './alerts/filesystems.ts';
import { probes } from './alerts/probes.ts';
import { renewal } from './alerts/renewal.ts';
import { reserve } from './alerts/reserve.ts';
import { retention } from './alerts/retention.ts';
import { runs } from './alerts/runs.ts';
import { stackItself } from './alerts/stack.ts';
import { telemetryAlerts } from './alerts/telemetry.ts';
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
  probes,
  databases,
  telemetryAlerts,
  stackItself,
  alerting,
];

export const alerts: readonly Alert[] = topics.flatMap((topic) => topic.alerts);

/** Keys that the section `alerts` of an environment may have, besides those of the environment's own rules. */
export const alertNames: readonly string[] = alerts.map(({ name }) => name);

/** Ours, then those of the environment's own rules. */
export function alertsWith(own: readonly Topic[]): readonly Alert[] {
  return [...alerts, ...own.flatMap((topic) => topic.alerts)];
}

/**
 * The rules of a stack, and the alerts that are left out of it with the reason.
 * @param own topics of the environment itself, here and below; none unless they are given.
 */
export function ruleSet(stack: Stack, own: readonly Topic[] = []): RuleSet {
  return {
    groups: [...topics, ...own].flatMap((topic) => renderTopic(stack, topic) ?? []),
    skipped: alertsWith(own).flatMap((alert) => {
      const reason = whyNot(stack, alert);
      return reason === undefined ? [] : [{ alert: alert.name, reason }];
    }),
  };
}

/** The same as rule files. */
export function ruleFiles(stack: Stack, own: readonly Topic[] = []): readonly OutputFile[] {
  return ruleSet(stack, own).groups.map(ruleFile);
}

/** The threshold of an alert that is in force on a stack; null when it has none. Throws for a name that is no alert. */
export function thresholdOf(stack: Stack, name: string, own: readonly Topic[] = []): Threshold | null {
  const alert = find(name, own);
  if (alert === undefined) throw new Error(`there is no alert ${name}`);
  return thresholdInForce(stack, alert);
}

/** The runbook of an alert as Markdown, with the values in force on a stack; undefined for a name that is no alert. */
export function runbook(stack: Stack, name: string, own: readonly Topic[] = []): string | undefined {
  const alert = find(name, own);
  return alert === undefined ? undefined : runbookPage(stack, alert);
}

/** What is wrong with the section `alerts` of a stack's environment. */
export function alertProblems(stack: Stack, own: readonly Topic[] = []): readonly OverrideProblem[] {
  return overrideProblems(stack, alertsWith(own));
}

function find(name: string, own: readonly Topic[]): Alert | undefined {
  return alertsWith(own).find((one) => one.name === name);
}
