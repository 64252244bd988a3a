import type { Problem } from '../model/reading.ts';

/** Begins the span of one attempt to read a source. */
export type Tracer = (collector: string, source: string) => AttemptSpan;

export interface AttemptSpan {
  /** For log lines about the attempt. */
  readonly traceId?: string;
  readonly end: (problem: Problem | null) => void;
}

export const noTracer: Tracer = () => ({ end: () => {} });
