import { dashboardFiles, dashboardSet, nothingOwn } from '../../dashboards/index.ts';
import type { Own } from '../../dashboards/types.ts';
import { alertmanagerFiles } from '../../notifications/index.ts';
import type { AlertFacts } from '../../notifications/types.ts';
import { alertsWith, inhibitions, ruleFiles, ruleSet } from '../../rules/index.ts';
import { scrapeFiles } from '../../scrape/index.ts';
import type { OutputFile, Stack } from '../../stack/types.ts';

/** Something that every stack could have and this one has not. */
export interface LeftOut {
  /** `alert BackupMissed`, `dashboard Backups`, `row Databases of Application overview`. */
  readonly what: string;
  readonly reason: string;
}

/**
 * Everything that the rooms make of a stack and of what its environment adds, sorted by path. Pure: the same stack gives the
 * same bytes.
 */
export function buildOutputs(stack: Stack, own: Own = nothingOwn): readonly OutputFile[] {
  const files = [
    ...scrapeFiles(stack),
    ...ruleFiles(stack, own.topics),
    ...alertmanagerFiles(stack, alertFacts(own)),
    ...dashboardFiles(stack, own),
  ];
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** What is not in the outputs of a stack, and why. */
export function leftOut(stack: Stack, own: Own = nothingOwn): readonly LeftOut[] {
  const alertsSkipped = ruleSet(stack, own.topics).skipped.map(({ alert, reason }) => ({
    what: `alert ${alert}`,
    reason,
  }));
  const dashboardsSkipped = dashboardSet(stack, own).skipped.map(({ dashboard, row, reason }) => ({
    what: row === null ? `dashboard ${dashboard}` : `row ${row} of ${dashboard}`,
    reason,
  }));
  return [...alertsSkipped, ...dashboardsSkipped];
}

/** What the notifications need to know of the alerts. */
function alertFacts({ topics }: Own): AlertFacts {
  return { objects: [...new Set(alertsWith(topics).map(({ object }) => object))].sort(), inhibitions };
}
