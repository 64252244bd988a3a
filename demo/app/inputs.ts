import { readFileSync } from 'node:fs';
import type { FastifyBaseLogger } from 'fastify';
import { watchFiles } from '../watch.ts';
import type { ShopConfig } from './config.ts';
import { noFaults, readFaults, type ShopFaults } from './faults.ts';

/** What the shop reads from files while it runs, as it is now. */
export interface Inputs {
  readonly faults: () => ShopFaults;
  readonly tokens: () => readonly string[];
  /** Calls `changed` whenever the faults or the certificate are other ones, the first time at once. */
  readonly watch: (changed: () => void) => void;
  readonly close: () => void;
}

export function followInputs({ faultsFile, tokenFile, https }: ShopConfig, log: FastifyBaseLogger): Inputs {
  let faults = noFaults;
  let tokens: readonly string[] = [];
  const watchers = [
    watchFiles([tokenFile], () => {
      tokens = keep(() => readTokens(tokenFile), tokens, log);
    }),
  ];
  const watch = (changed: () => void) => {
    const look = () => {
      faults = keep(() => readFaults(faultsFile), faults, log);
      changed();
    };
    watchers.push(watchFiles([faultsFile, https.certificate, https.key], look));
  };
  return {
    faults: () => faults,
    tokens: () => tokens,
    watch,
    close: () => {
      for (const unwatch of watchers) unwatch();
    },
  };
}

function readTokens(path: string): readonly string[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.map((line) => line.trim()).filter((line) => line !== '');
}

/** The value that `read` gives, or the one before when the file cannot be read: it may be read again. */
function keep<Value>(read: () => Value, before: Value, log: FastifyBaseLogger): Value {
  try {
    return read();
  } catch (cause) {
    log.warn({ error: String(cause) }, 'kept what was read before');
    return before;
  }
}
