import type { PartClient, Probe } from '../types.ts';

/** Healthy is what answers 200 at `path`. */
export function httpProbe(client: PartClient, path: string): Probe {
  return async (signal) => {
    const response = await client(path, { signal });
    const text = await response.text();
    if (!response.ok) throw new Error(`answered ${response.status} ${text.trim().slice(0, 200)}`.trim());
  };
}
