import { existsSync } from 'node:fs';
import type { ShopFaults } from '../app/faults.ts';
import type { JobFaults } from '../jobs/faults.ts';
import type { DemoPaths } from '../paths.ts';
import type { Replace } from './operations/types.ts';

/** Makes something go wrong in the shop. */
export function shopFault({ shopFaults }: DemoPaths, faults: Partial<ShopFaults>): Replace {
  return replaced(shopFaults, faults);
}

/** Makes something go wrong in the jobs. */
export function jobFault({ jobFaults }: DemoPaths, faults: Partial<JobFaults>): Replace {
  return replaced(jobFaults, faults);
}

function replaced(path: string, faults: object): Replace {
  return { kind: 'replace', path, content: `${JSON.stringify(faults)}\n`, existed: existsSync(path) };
}
