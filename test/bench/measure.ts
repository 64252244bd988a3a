import { readFileSync } from 'node:fs';
import { request } from 'node:http';

/** One line of the table: what was measured, here and at the baseline of the same run. */
export interface Result {
  readonly work: string;
  readonly value: number;
  readonly unit: 'ms' | 'MB' | 's' | 'objects';
  /** Null when there is none. */
  readonly baseline: { readonly name: string; readonly value: number } | null;
  /** What DESIGN.md allows; null when it says nothing. */
  readonly budget: number | null;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

export interface Answer {
  readonly milliseconds: number;
  readonly bytes: number;
}

/** From sending the request until the last byte; the body is neither kept nor unpacked. */
export function timeRequest(url: string, headers: Readonly<Record<string, string>>): Promise<Answer> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    request(url, { headers, agent: false }, (response) => {
      let bytes = 0;
      response.on('data', (data: Buffer) => {
        bytes += data.length;
      });
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 200) resolve({ milliseconds: performance.now() - started, bytes });
        else reject(new Error(`${url}: ${response.statusCode}`));
      });
    })
      .on('error', reject)
      .end();
  });
}

const warm = 3;
const counted = 15;
/** Requests that `medianRequest` makes. */
export const requests = warm + counted;

/** Median of fifteen requests, after three that warm up. */
export async function medianRequest(url: string, headers: Readonly<Record<string, string>>): Promise<Answer> {
  const answers: Answer[] = [];
  for (let index = 0; index < requests; index += 1) answers.push(await timeRequest(url, headers));
  const times = answers.slice(warm).map(({ milliseconds }) => milliseconds);
  return { milliseconds: median(times), bytes: answers[0]?.bytes ?? 0 };
}

/** Resident memory of a process in MB; 0 when it is gone. */
export function residentMegabytes(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1000;
  } catch {
    return 0;
  }
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
