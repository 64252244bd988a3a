import type { PartClient } from '../types.ts';

/** A sample of an instant vector. Source: Prometheus documentation, "HTTP API". */
export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

/** The body of a successful answer; rejects with the status and the beginning of the body otherwise. */
export async function askJson<Body>(client: PartClient, path: string, init?: RequestInit): Promise<Body> {
  const response = await client(path, init);
  const text = await response.text();
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text.trim().slice(0, 300)}`);
  return JSON.parse(text) as Body;
}

export async function askPrometheus<Data>(prometheus: PartClient, path: string): Promise<Data> {
  return (await askJson<{ readonly data: Data }>(prometheus, path)).data;
}

export async function queryVector(prometheus: PartClient, query: string): Promise<readonly Sample[]> {
  const path = `/api/v1/query?query=${encodeURIComponent(query)}`;
  return (await askPrometheus<{ readonly result: readonly Sample[] }>(prometheus, path)).result;
}

/** What `ask` gives, or `otherwise` while the part does not answer. */
export async function whenAnswering<Value>(ask: () => Promise<Value>, otherwise: Value): Promise<Value> {
  try {
    return await ask();
  } catch {
    return otherwise;
  }
}
