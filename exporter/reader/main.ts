import { answer } from './answer.ts';
import type { Message, Question } from './protocol.ts';

/** A child of the exporter: reads what it is asked for and ends with its parent. */
const memory = new Map<string, unknown>();
const send = (message: Message) => void process.send?.(message);

process.on('message', async (question: Question) => send(await answer(question, { now: Date.now, send, memory })));
process.on('disconnect', () => process.exit());
