import { createLog, readConfig, stopSignal } from '../entry.ts';
import type { JobsConfig } from './config.ts';
import { runJobs } from './jobs.ts';

const stop = stopSignal(process);
const log = createLog();
await runJobs(readConfig<JobsConfig>(process.argv.slice(2)), { log, now: Date.now, random: Math.random, stop });
log.info('the jobs have ended');
process.exit(0);
