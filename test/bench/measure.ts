import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';

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

/**
 * From sending the request until the last byte, over a connection that is open already. The reader keeps nothing and parses
 * nothing but the length, so that it is the server that is measured.
 */
export async function timeRequest(url: string, headers: Readonly<Record<string, string>>): Promise<Answer> {
  const { hostname, port, pathname } = new URL(url);
  const buffer = Buffer.alloc(1024 * 1024);
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  let started = 0;
  let received = 0;
  let expected: number | undefined;
  const read = (count: number) => {
    received += count;
    expected ??= lengthOf(buffer.toString('latin1', 0, count));
    if (received === expected) resolve({ milliseconds: performance.now() - started, bytes: received });
    return true;
  };
  const socket = connect({ host: hostname, port: Number(port), onread: { buffer, callback: read } });
  socket.on('error', reject).on('close', () => reject(new Error(`${url} hung up after ${received} bytes`)));
  await once(socket, 'connect');
  const lines = Object.entries({ host: hostname, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  started = performance.now();
  socket.write(`GET ${pathname} HTTP/1.1\r\n${lines.join('')}\r\n`);
  return await promise.finally(() => socket.destroy());
}

/** Bytes of head and body together. */
function lengthOf(begin: string): number {
  const head = begin.indexOf('\r\n\r\n');
  const length = /^content-length: (\d+)/im.exec(begin.slice(0, head))?.[1];
  if (!begin.startsWith('HTTP/1.1 200 ') || length === undefined)
    throw new Error(`unexpected answer: ${begin.slice(0, 200)}`);
  return head + 4 + Number(length);
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
  return kilobytes(`/proc/${pid}/status`, /^VmRSS:\s+(\d+) kB/m) / 1000;
}

/** The same where what several processes share counts only once for all of them together. */
export function proportionalMegabytes(pid: number): number {
  return kilobytes(`/proc/${pid}/smaps_rollup`, /^Pss:\s+(\d+) kB/m) / 1000;
}

function kilobytes(path: string, line: RegExp): number {
  try {
    return Number(line.exec(readFileSync(path, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
