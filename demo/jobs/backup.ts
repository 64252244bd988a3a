import { createWriteStream, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Logger } from 'pino';
import { type Schedule, schedule } from '../../common/cron.ts';
import { artifactName, listArtifacts, prune } from './artifacts.ts';
import type { BackupJobConfig } from './config.ts';
import { dumpDatabase } from './dump.ts';
import type { JobFaults } from './faults.ts';

/**
 * Dumps the shop's database at its scheduled times, when asked, and at the start when the last scheduled time was missed. An artifact
 * gets its name only when it is whole.
 */
export class BackupJob {
  readonly #config: BackupJobConfig;
  readonly #schedule: Schedule;
  readonly #faults: () => JobFaults;
  readonly #log: Logger;
  /** Seconds since the epoch; a run that failed is not repeated before the next scheduled time. */
  #attempted = 0;
  #running: Promise<void> | null = null;

  constructor(config: BackupJobConfig, faults: () => JobFaults, log: Logger) {
    this.#config = config;
    this.#schedule = schedule(config.schedule, config.timezone);
    this.#faults = faults;
    this.#log = log;
    mkdirSync(config.directory, { recursive: true });
    removeLeftovers(config.directory);
  }

  /** Runs when a run is due or wanted. Call it each second, with seconds since the epoch; overlapping calls do nothing. */
  async tick(now: number): Promise<void> {
    if (this.#running !== null || !this.#isWanted(now)) return;
    this.#running = this.#run(Math.floor(now)).finally(() => {
      this.#running = null;
    });
    await this.#running;
  }

  /** Fulfilled when no run is under way. */
  async settled(): Promise<void> {
    await this.#running;
  }

  #isWanted(now: number): boolean {
    const { database, directory, requestFile } = this.#config;
    if (this.#faults().backupPaused || !existsSync(database)) return false;
    if (existsSync(requestFile)) return true;
    const newest = listArtifacts(directory)[0]?.time ?? 0;
    const due = this.#schedule.previous(Math.floor(now) + 1);
    return due !== undefined && due > Math.max(newest, this.#attempted);
  }

  async #run(now: number): Promise<void> {
    const { database, directory, requestFile, retention } = this.#config;
    this.#attempted = now;
    rmSync(requestFile, { force: true });
    const name = artifactName(now);
    try {
      await writeArtifact(join(directory, name), this.#faults().dumpEmpty ? [] : dumpDatabase(database));
      const pruned = prune(directory, retention, now);
      this.#log.info({ artifact: name, pruned }, 'backup made');
    } catch (cause) {
      this.#log.error({ artifact: name, error: String(cause) }, 'backup failed');
    }
  }
}

/** Compressed, flushed to disk and only then given its name. */
async function writeArtifact(path: string, text: Iterable<string>): Promise<void> {
  const temporary = `${path}.tmp`;
  try {
    await pipeline(Readable.from(text), createGzip(), createWriteStream(temporary, { flush: true }));
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function removeLeftovers(directory: string): void {
  for (const name of readdirSync(directory)) {
    if (name.endsWith('.sql.gz.tmp')) rmSync(join(directory, name), { force: true });
  }
}
