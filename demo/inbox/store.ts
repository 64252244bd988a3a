import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../../common/files.ts';
import type { Arrival, Message, MessageSummary } from './message.ts';

export interface StoreSettings {
  readonly directory: string;
  /** So many messages are kept, the newest. */
  readonly capacity: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const fileName = /^(\d{13}-[0-9a-f]{6})\.json$/;

/**
 * The messages: one private file each, their summaries in memory. A file that cannot be read is left out (and left alone),
 * so that one damaged message does not hide the others.
 */
export class MessageStore {
  /** Emits `added` with a summary, and `cleared`. */
  readonly events = new EventEmitter<{ added: [MessageSummary]; cleared: [] }>().setMaxListeners(0);
  readonly #settings: StoreSettings;
  #summaries: MessageSummary[];

  constructor(settings: StoreSettings) {
    mkdirSync(settings.directory, { recursive: true, mode: 0o700 });
    this.#settings = settings;
    this.#summaries = this.#files().flatMap((id) => {
      const message = this.get(id);
      return message === undefined ? [] : [summarise(message)];
    });
    this.#forget();
  }

  /** The newest first. */
  list(): readonly MessageSummary[] {
    return this.#summaries.toReversed();
  }

  get(id: string): Message | undefined {
    if (!fileName.test(`${id}.json`)) return undefined;
    try {
      return JSON.parse(readFileSync(this.#path(id), 'utf8')) as Message;
    } catch (error) {
      if (error instanceof SyntaxError || (error instanceof Error && 'code' in error)) return undefined;
      throw error;
    }
  }

  /** Written before it returns: a sender that gets its acknowledgement may rely on it. */
  add(arrival: Arrival): MessageSummary {
    const last = this.#summaries.at(-1)?.receivedAt ?? 0;
    const receivedAt = Math.max(this.#settings.now(), last + 1);
    const id = `${String(receivedAt).padStart(13, '0')}-${randomBytes(3).toString('hex')}`;
    const message: Message = { id, receivedAt, ...arrival };
    writeFileAtomic(this.#path(id), JSON.stringify(message), 0o600);
    const summary = summarise(message);
    this.#summaries.push(summary);
    this.#forget();
    this.events.emit('added', summary);
    return summary;
  }

  clear(): void {
    for (const id of this.#files()) rmSync(this.#path(id), { force: true });
    this.#summaries = [];
    this.events.emit('cleared');
  }

  #forget(): void {
    const surplus = Math.max(0, this.#summaries.length - this.#settings.capacity);
    for (const { id } of this.#summaries.splice(0, surplus)) rmSync(this.#path(id), { force: true });
  }

  #files(): string[] {
    return readdirSync(this.#settings.directory)
      .flatMap((name) => fileName.exec(name)?.[1] ?? [])
      .sort();
  }

  #path(id: string): string {
    return join(this.#settings.directory, `${id}.json`);
  }
}

function summarise({ content: _, ...summary }: Message): MessageSummary {
  return summary;
}
