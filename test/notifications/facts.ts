import type { AlertFacts } from '../../notifications/types.ts';

/** Objects and inhibitions as `rules/` has them, few enough to read. */
export const facts: AlertFacts = {
  objects: ['backup', 'claim', 'application'],
  inhibitions: [
    { causes: ['BackupUnreadable', 'BackupInvalid'], effects: ['BackupMissed'], equal: ['namespace', 'backup'] },
    { causes: ['ApplicationDown'], effects: ['ApplicationSlow'], equal: ['namespace', 'application'] },
  ],
};
