import { dashboardFiles, dashboardSet } from '../../dashboards/index.ts';
import { alertmanagerFiles } from '../../notifications/index.ts';
import type { AlertFacts } from '../../notifications/types.ts';
import { alerts, inhibitions, ruleFiles, ruleSet } from '../../rules/index.ts';
import { scrapeFiles } from '../../scrape/index.ts';
import type { OutputFile, Stack } from '../../stack/types.ts';

/** Something that every stack could have and this one has not. */
export interface LeftOut {
  /** `alert BackupMissed`, `dashboard Backups`, `row Databases of Application overview`. */
  readonly what: string;
  readonly reason: string;
}

/** Everything that the rooms make of a stack, sorted by path. Pure: the same stack gives the same bytes. */
export function buildOutputs(stack: Stack): readonly OutputFile[] {
  const files = [
    ...scrapeFiles(stack),
    ...ruleFiles(stack),
    ...alertmanagerFiles(stack, alertFacts),
    ...dashboardFiles(stack),
  ];
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** What is not in the outputs of a stack, and why. */
export function leftOut(stack: Stack): readonly LeftOut[] {
  const alertsSkipped = ruleSet(stack).skipped.map(({ alert, reason }) => ({ what: `alert ${alert}`, reason }));
  const dashboardsSkipped = dashboardSet(stack).skipped.map(({ dashboard, row, reason }) => ({
    what: row === null ? `dashboard ${dashboard}` : `row ${row} of ${dashboard}`,
    reason,
  }));
  return [...alertsSkipped, ...dashboardsSkipped];
}

/** What the notifications need to know of the alerts. */
const alertFacts: AlertFacts = { objects: [...new Set(alerts.map(({ object }) => object))].sort(), inhibitions };
