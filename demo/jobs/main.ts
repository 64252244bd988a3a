import { createLog, readConfig, runPart, stopSignal } from '../entry.ts';
import type { JobsConfig } from './config.ts';
import { runJobs } from './jobs.ts';

const stop = stopSignal(process);
const log = createLog();
process.exit(
  await runPart(log, async () => {
    const config = readConfig<JobsConfig>(process.argv.slice(2));
    await runJobs(config, { log, now: Date.now, random: Math.random, stop });
    log.info('the jobs have ended');
  }),
);
