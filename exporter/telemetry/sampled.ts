import { SpanStatusCode } from '@opentelemetry/api';
import type { SpanProcessor } from '@opentelemetry/sdk-trace';

/** Spans without an error that are passed on in a second, so that those with one always find room in the queue. */
const perSecond = 20;

/** Passes every span with an error on, and of the others the first few of each second. `now` in milliseconds, never set back. */
export function sampled(next: SpanProcessor, now: () => number): SpanProcessor {
  let second = 0;
  let passed = 0;
  const mayPass = (): boolean => {
    const current = Math.floor(now() / 1000);
    if (current !== second) passed = 0;
    second = current;
    passed += 1;
    return passed <= perSecond;
  };
  return {
    onStart: (span, context) => next.onStart(span, context),
    onEnd: (span) => {
      if (span.status.code === SpanStatusCode.ERROR || mayPass()) next.onEnd(span);
    },
    forceFlush: () => next.forceFlush(),
    shutdown: () => next.shutdown(),
  };
}
