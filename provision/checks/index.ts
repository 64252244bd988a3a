import { alertsHaveSeries } from './alerts.ts';
import { credentialsPrivate, webAuthentication } from './authentication.ts';
import type { Check } from './check.ts';
import { claimsBound } from './claims.ts';
import { configurationApplied } from './configuration.ts';
import { delivery } from './delivery.ts';
import { grafanaAuthentication, grafanaDashboards, grafanaDataSources } from './grafana.ts';
import { objectsTaken } from './operated.ts';
import { panelsHaveData } from './panels.ts';
import { alertPath } from './receivers.ts';
import { rulesHealthy, watchdogFiring } from './rules.ts';
import { persistence } from './storage.ts';
import { scrapeAuthentication, targetsUp } from './targets.ts';

/** Every check, in the order in which they are made: from what everything rests on to what people see. */
export const checks: readonly Check[] = [
  claimsBound,
  persistence,
  configurationApplied,
  objectsTaken,
  credentialsPrivate,
  webAuthentication,
  targetsUp,
  scrapeAuthentication,
  rulesHealthy,
  alertPath,
  watchdogFiring,
  grafanaAuthentication,
  grafanaDataSources,
  grafanaDashboards,
  alertsHaveSeries,
  panelsHaveData,
  delivery,
];
