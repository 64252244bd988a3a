import type { Logger } from 'pino';
import { causesOf, untilStopped } from '../entry.ts';
import { serveHealth } from '../health.ts';
import { issueCertificates } from './authority.ts';
import { BackupJob } from './backup.ts';
import type { AuthorityConfig, JobsConfig } from './config.ts';
import { type JobFaults, noFaults, readFaults } from './faults.ts';
import { visit } from './visitor.ts';

export interface Surroundings {
  readonly log: Logger;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** 0 to 1. */
  readonly random: () => number;
  readonly stop: AbortSignal;
}

/** Starts all jobs; fulfilled when they have ended after the signal. Healthy while the certificates are as they should be. */
export async function runJobs(config: JobsConfig, { log, now, random, stop }: Surroundings): Promise<void> {
  const faults = () => faultsOf(config.faultsFile, log);
  const seconds = () => now() / 1000;
  const backup = new BackupJob(config.backup, faults, log);
  const renewal = renewals(config.authority, log);
  renewal.tick(faults(), seconds());
  const health = await serveHealth(config.health, renewal.isWell);
  visit(config.visitor, random, log, stop);
  const timers = [
    setInterval(() => backup.tick(seconds()), 500),
    setInterval(() => renewal.tick(faults(), seconds()), 5000),
  ];
  await untilStopped(stop);
  for (const timer of timers) clearInterval(timer);
  await backup.settled();
  await health.close();
}

/** Issues what is due at each tick; a reason why it cannot is logged once. */
function renewals(authority: AuthorityConfig, log: Logger) {
  let problem: string | null = null;
  return {
    isWell: () => problem === null,
    tick: ({ renewalPaused }: JobFaults, now: number) => {
      try {
        const issued = issueCertificates(authority, renewalPaused, now);
        if (issued.length > 0) log.info({ issued }, 'certificates issued');
        problem = null;
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        if (message !== problem) log.error({ causes: causesOf(error) }, message);
        problem = message;
      }
    },
  };
}

/** A file that cannot be read counts as no fault: it may be read again. */
function faultsOf(path: string, log: Logger): JobFaults {
  try {
    return readFaults(path);
  } catch (cause) {
    log.warn({ error: String(cause) }, 'faults not read');
    return noFaults;
  }
}
