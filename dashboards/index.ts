import type { OutputFile, Stack } from '../stack/types.ts';
import { application } from './application.ts';
import { backups } from './backups.ts';
import { certificates } from './certificates.ts';
import { databases } from './databases.ts';
import { finish } from './kit/finish.ts';
import { stableJson } from './kit/json.ts';
import { panelContext } from './kit/limits.ts';
import { probes } from './probes.ts';
import { provisioningFiles } from './provisioning.ts';
import { stackHealth } from './stack.ts';
import { storage } from './storage.ts';
import { telemetry } from './telemetry.ts';
import type { Dashboard, DashboardSet, DashboardSource, Own, Skipped } from './types.ts';

/** Every dashboard, in the order in which they are worth a look. */
export const sources: readonly DashboardSource[] = [
  application,
  probes,
  databases,
  backups,
  storage,
  certificates,
  telemetry,
  stackHealth,
];

/** Of an environment that has no dashboards and no rules of its own. */
export const nothingOwn: Own = { dashboards: [], topics: [] };

/** The dashboards of a stack in Grafana's v1 schema, as file provisioning reads them. */
export function dashboards(stack: Stack, own: Own = nothingOwn): readonly Dashboard[] {
  return dashboardSet(stack, own).dashboards;
}

/**
 * The same, and the dashboards and rows that are left out because this stack can have no data for them.
 * @param own what the environment adds to ours.
 */
export function dashboardSet(stack: Stack, own: Own = nothingOwn): DashboardSet {
  const context = panelContext(stack, own.topics);
  const all = [...sources, ...own.dashboards];
  const possible = all.filter((source) => source.impossible?.(stack) === undefined);
  return {
    dashboards: possible.map((source) => finish(source, rowsOf(source, stack), context)),
    skipped: all.flatMap((source) => skipped(source, stack)),
  };
}

/** One JSON file for each dashboard, and the files with which Grafana finds them and Prometheus. */
export function dashboardFiles(stack: Stack, own: Own = nothingOwn): readonly OutputFile[] {
  const files = dashboards(stack, own).map((dashboard) => ({
    path: `grafana/dashboards/${dashboard.uid}.json`,
    content: stableJson(dashboard),
  }));
  return [...files, ...provisioningFiles(stack)];
}

function rowsOf(source: DashboardSource, stack: Stack) {
  return source.rows.filter((row) => row.impossible?.(stack) === undefined);
}

function skipped({ uid, rows, impossible }: DashboardSource, stack: Stack): readonly Skipped[] {
  const whole = impossible?.(stack);
  if (whole !== undefined) return [{ dashboard: uid, row: null, reason: whole }];
  return rows.flatMap((row) => {
    const reason = row.impossible?.(stack);
    return reason === undefined ? [] : [{ dashboard: uid, row: row.title, reason }];
  });
}
