import { writeFileSync } from 'node:fs';
import { createLog, readConfig } from '../../../demo/entry.ts';
import { BackupJob } from '../../../demo/jobs/backup.ts';
import type { BackupJobConfig } from '../../../demo/jobs/config.ts';
import { noFaults } from '../../../demo/jobs/faults.ts';

/** Process entry of a CronJob: one dump of the demonstration's database, now. */
const config = readConfig<BackupJobConfig>(process.argv.slice(2));
writeFileSync(config.requestFile, '');
await new BackupJob(config, () => noFaults, createLog()).tick(Date.now() / 1000);
