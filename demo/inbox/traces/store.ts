import { EventEmitter } from 'node:events';
import type { Span } from './otlp.ts';

/** One trace as a list shows it. */
export interface TraceSummary {
  readonly traceId: string;
  readonly service: string;
  /** Of its first span. */
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly start: number;
  /** Milliseconds. */
  readonly duration: number;
  readonly spans: number;
  readonly failed: boolean;
}

/** So many spans of one trace are kept: a trace that never ends stays bounded. */
const spansPerTrace = 500;

/** The latest traces, in memory only. */
export class TraceStore {
  readonly events = new EventEmitter<{ added: [] }>().setMaxListeners(0);
  readonly #capacity: number;
  readonly #traces = new Map<string, Span[]>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  add(spans: readonly Span[]): void {
    for (const span of spans) this.#addSpan(span);
    const surplus = Math.max(0, this.#traces.size - this.#capacity);
    for (const traceId of [...this.#traces.keys()].slice(0, surplus)) this.#traces.delete(traceId);
    if (spans.length > 0) this.events.emit('added');
  }

  /** The latest first. */
  list(): readonly TraceSummary[] {
    return [...this.#traces.values()].map(summarise).toSorted((a, b) => b.start - a.start);
  }

  /** Its spans in the order of their start; undefined when it is unknown. */
  get(traceId: string): readonly Span[] | undefined {
    return this.#traces.get(traceId)?.toSorted((a, b) => a.start - b.start);
  }

  #addSpan(span: Span): void {
    const spans = this.#traces.get(span.traceId);
    if (spans === undefined) this.#traces.set(span.traceId, [span]);
    else if (spans.length < spansPerTrace) spans.push(span);
  }
}

function summarise(spans: readonly Span[]): TraceSummary {
  const start = Math.min(...spans.map((span) => span.start));
  const end = Math.max(...spans.map((span) => span.end));
  const known = new Set(spans.map(({ spanId }) => spanId));
  const root = spans.find(({ parentSpanId }) => parentSpanId === null || !known.has(parentSpanId)) ?? spans[0];
  return {
    traceId: root?.traceId ?? '',
    service: root?.service ?? '',
    name: root?.name ?? '',
    start,
    duration: end - start,
    spans: spans.length,
    failed: spans.some(({ failed }) => failed),
  };
}
