import type { CreateIncidents } from '../../provision/local/types.ts';
import { appDown } from './app-down.ts';
import { appErrors } from './app-errors.ts';
import { appSlow } from './app-slow.ts';
import { backupEmpty } from './backup-empty.ts';
import { backupMissed } from './backup-missed.ts';
import { certificateExpiring } from './certificate-expiring.ts';
import { IncidentTracker } from './tracker.ts';
import type { IncidentDefinition } from './types.ts';
import { volumeFilling } from './volume-filling.ts';

/** Every incident, in the order in which it is offered. */
export const catalogue: readonly IncidentDefinition[] = [
  backupMissed,
  backupEmpty,
  certificateExpiring,
  volumeFilling,
  appErrors,
  appSlow,
  appDown,
];

/** The incidents of a running stack; those whose object the stack does not have are left out. */
export const createIncidents: CreateIncidents = (context) => new IncidentTracker(catalogue, context);
