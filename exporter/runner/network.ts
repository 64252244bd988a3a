import { once } from 'node:events';
import type { NetworkContext, NetworkReading } from '../collectors/collector.ts';
import { failed, problemOf } from '../model/failure.ts';
import type { Outcome } from '../model/reading.ts';

/** Reads over the network until the context's signal aborts; what is thrown, and not answering in time, is a problem. */
export async function readNetwork(
  read: NetworkReading<unknown>,
  name: string,
  context: NetworkContext<unknown>,
): Promise<Outcome<unknown>> {
  const late = once(context.signal, 'abort').then(() => failed(tooLate(name)));
  try {
    return await Promise.race([read.read(context), late]);
  } catch (error) {
    return failed(context.signal.aborted ? tooLate(name) : problemOf(error, `read ${name}`));
  }
}

function tooLate(name: string) {
  return { reason: 'timeout', message: `could not read ${name}: no answer in time` } as const;
}
