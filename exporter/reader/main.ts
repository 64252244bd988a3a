import { answer } from './answer.ts';
import type { Batch, Message } from './protocol.ts';

/** A child of the exporter, whose process id it is given: reads what it is asked for and ends with it, also while it reads. */
const parent = Number(process.argv[3]);
const memory = new Map<string, unknown>();

process.on('message', (batch: Batch) => answer(batch, { now: Date.now, send, memory }));
process.on('disconnect', () => process.exit());

function send(message: Message): void {
  if (process.ppid !== parent) process.exit();
  process.send?.(message);
}
