import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { FastifyBaseLogger } from 'fastify';
import { serveHealth } from '../health.ts';
import type { ShopConfig } from './config.ts';
import { type Database, openDatabase } from './database.ts';
import { Doors } from './doors.ts';
import { keepHouse } from './housekeeping.ts';
import { followInputs } from './inputs.ts';
import { createMetrics } from './metrics.ts';
import { createServer } from './server.ts';
import { startTracing } from './traces.ts';

export interface Shop {
  readonly ports: () => { readonly http: number; readonly https: number; readonly health: number };
  readonly close: () => Promise<void>;
}

export interface Surroundings {
  readonly log: FastifyBaseLogger;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** 0 to 1. */
  readonly random: () => number;
}

const limits = { orders: 2000, cartAge: 1800, pictureBytes: 16 * 1024 ** 2 };

/**
 * Opens the shop; from then on it follows its faults file, token and certificate. Healthy as long as it does what its faults
 * file says, closed doors included.
 * @throws Error when an address is taken.
 */
export async function openShop(config: ShopConfig, { log, now, random }: Surroundings): Promise<Shop> {
  mkdirSync(dirname(config.database), { recursive: true });
  mkdirSync(config.uploads, { recursive: true });
  const endTracing = config.traces === null ? async () => {} : await startTracing(config.traces);
  const inputs = followInputs(config, log);
  const metrics = createMetrics();
  const database = openDatabase(config.database, metrics, inputs.faults);
  const parts = { ...inputs, database, metrics, uploads: config.uploads, log, now, random };
  const server = await createServer(parts);
  const doors = new Doors((request, response) => server.routing(request, response), config, log);
  await followFaults(doors, inputs, log);
  const health = await serveHealth(config.health, () => true);
  const endChores = doChores(database, config.uploads, { log, now });
  return {
    ports: () => ({ ...doors.ports, health: health.port }),
    close: async () => {
      inputs.close();
      endChores();
      await Promise.all([health.close(), doors.settle(false)]);
      await server.close();
      database.close();
      await endTracing();
    },
  };
}

/** Fulfilled when the doors stand as the faults say for the first time. */
function followFaults(doors: Doors, inputs: ReturnType<typeof followInputs>, log: FastifyBaseLogger): Promise<void> {
  return new Promise((resolve, reject) => {
    inputs.watch(() => {
      const settled = doors.settle(!inputs.faults().down);
      settled.then(resolve, (error: Error) => {
        log.error({ error: String(error), cause: String(error.cause) }, 'the doors do not stand as they should');
        reject(error);
      });
    });
  });
}

/** Once a minute; a chore that fails is tried again at the next. */
function doChores(database: Database, uploads: string, { log, now }: Pick<Surroundings, 'log' | 'now'>): () => void {
  const timer = setInterval(() => {
    keepHouse(database, uploads, limits, Math.floor(now() / 1000)).catch((error: Error) =>
      log.warn({ error: error.message }, 'housekeeping failed'),
    );
  }, 60_000);
  return () => clearInterval(timer);
}
