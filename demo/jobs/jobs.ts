import type { Logger } from 'pino';
import { untilStopped } from '../entry.ts';
import { serveHealth } from '../health.ts';
import { issueCertificates } from './authority.ts';
import { BackupJob } from './backup.ts';
import type { JobsConfig } from './config.ts';
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

/** Starts all jobs; fulfilled when they have ended after the signal. Healthy once the certificates are there. */
export async function runJobs(config: JobsConfig, { log, now, random, stop }: Surroundings): Promise<void> {
  const faults = () => faultsOf(config.faultsFile, log);
  const backup = new BackupJob(config.backup, faults, log);
  const seconds = () => now() / 1000;
  const issue = () => issueDue(config, faults(), seconds(), log);
  issue();
  const health = await serveHealth(config.health, () => true);
  visit(config.visitor, random, log, stop);
  const timers = [setInterval(() => backup.tick(seconds()), 500), setInterval(issue, 5000)];
  await untilStopped(stop);
  for (const timer of timers) clearInterval(timer);
  await backup.settled();
  await health.close();
}

function issueDue({ authority }: JobsConfig, { renewalPaused }: JobFaults, now: number, log: Logger): void {
  try {
    const issued = issueCertificates(authority, renewalPaused, now);
    if (issued.length > 0) log.info({ issued }, 'certificates issued');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.cause : undefined;
    log.error({ error: String(cause), cause: String(reason) }, 'certificates not issued');
  }
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
