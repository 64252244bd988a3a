import { setImmediate as turn } from 'node:timers/promises';
import type { Family } from '../metrics/family.ts';
import type { Sample } from '../model/sample.ts';
import { type Body, gzipBody, makePiece, type Piece, plainBody } from './piece.ts';
import { Shards } from './shards.ts';
import { endings, type Format, formats, headerText, sampleLine } from './text.ts';

/** Milliseconds of work before the event loop gets its turn. */
const slice = 5;
/** Changed objects that may wait to be settled: their texts take several times the memory that they then have. */
const mostPending = 1000;

/**
 * Everything that a scrape answers with, kept as bytes. Objects are rendered when they change; a scrape joins what is there.
 * Families stand in the given order, in each the objects in the order of their keys.
 */
export class Exposition {
  readonly #families: readonly Served[];
  readonly #ends: Readonly<Record<Format, Piece>>;
  #flushing: Promise<void> | undefined;
  #pending = 0;

  constructor(families: readonly Family[]) {
    this.#families = families.map((family) => ({
      family,
      shards: new Shards(),
      headers: byFormat((format) => textPiece(headerText(family, format))),
    }));
    this.#ends = byFormat((format) => textPiece(endings[format]));
  }

  /** Replaces all samples of an object; none removes it. Tells whether any byte has changed. */
  set(key: string, samples: Iterable<Sample>): boolean {
    const texts = textByFamily(samples);
    let changed = false;
    for (const { family, shards } of this.#families) {
      if (shards.set(key, texts.get(family.name) ?? '')) changed = true;
    }
    if (changed) this.#pending += 1;
    if (this.#pending >= mostPending) void this.settle();
    return changed;
  }

  /** Makes the bytes of all that has changed until now, in slices. */
  async settle(): Promise<void> {
    this.#pending = 0;
    await this.#flushing;
    this.#flushing ??= this.#flush().finally(() => {
      this.#flushing = undefined;
    });
    await this.#flushing;
  }

  /**
   * An answer of what has settled. `live` are the samples of this moment; a family has either these or those of objects.
   * `tail` is further text, complete with headers.
   */
  body(format: Format, encoding: 'identity' | 'gzip', live: Iterable<Sample>, tail: string): Body {
    const texts = textByFamily(live);
    const pieces = this.#families.flatMap(({ family, shards, headers }) => {
      const text = texts.get(family.name);
      const content = text === undefined ? shards.pieces() : [textPiece(text)];
      return content.length === 0 ? [] : [headers[format], ...content];
    });
    const all = [...pieces, textPiece(tail), this.#ends[format]];
    return encoding === 'gzip' ? gzipBody(all) : plainBody(all);
  }

  async #flush(): Promise<void> {
    let started = performance.now();
    for (const { shards } of this.#families) {
      while (shards.dirty) {
        shards.flushOne();
        if (performance.now() - started < slice) continue;
        await turn();
        started = performance.now();
      }
    }
  }
}

interface Served {
  readonly family: Family;
  readonly shards: Shards;
  readonly headers: Readonly<Record<Format, Piece>>;
}

function textPiece(text: string): Piece {
  return makePiece([Buffer.from(text)]);
}

function byFormat<Value>(make: (format: Format) => Value): Readonly<Record<Format, Value>> {
  return Object.fromEntries(formats.map((format) => [format, make(format)])) as Record<Format, Value>;
}

function textByFamily(samples: Iterable<Sample>): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const sample of samples) {
    const { name } = sample.family;
    texts.set(name, (texts.get(name) ?? '') + sampleLine(sample));
  }
  return texts;
}
