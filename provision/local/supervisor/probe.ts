import type { PartSpec } from '../types.ts';

/** Milliseconds that one probe may take. */
const probeTimeout = 2500;

/** The reason why the part is not healthy; null when it is. */
export async function probe(spec: PartSpec, over: AbortSignal): Promise<string | null> {
  const timeout = AbortSignal.timeout(probeTimeout);
  try {
    await spec.probe(AbortSignal.any([over, timeout]));
    return null;
  } catch (error) {
    if (timeout.aborted) return `no answer within ${probeTimeout / 1000} s`;
    return error instanceof Error ? error.message : String(error);
  }
}
