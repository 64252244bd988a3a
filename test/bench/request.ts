import { once } from 'node:events';
import { connect } from 'node:net';

export interface Answer {
  readonly milliseconds: number;
  /** Of head and body. */
  readonly bytes: number;
}

/**
 * From sending the request until the last byte, over a connection that is open already. The reader keeps nothing and parses
 * nothing but the length, so that it is the server that is measured. Who tells no length is read until it hangs up.
 */
export async function timeRequest(url: string, headers: Readonly<Record<string, string>>): Promise<Answer> {
  const { hostname, port, pathname } = new URL(url);
  const buffer = Buffer.alloc(1024 * 1024);
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  let started = 0;
  let received = 0;
  let expected: number | undefined;
  const end = () => resolve({ milliseconds: performance.now() - started, bytes: received });
  const read = (count: number) => {
    received += count;
    expected ??= lengthOf(buffer.toString('latin1', 0, count));
    if (received === expected) end();
    return true;
  };
  const socket = connect({ host: hostname, port: Number(port), onread: { buffer, callback: read } });
  socket.on('error', reject).on('end', () => {
    if (expected === Number.POSITIVE_INFINITY) end();
    else reject(new Error(`${url} hung up after ${received} bytes`));
  });
  await once(socket, 'connect');
  const lines = Object.entries({ host: hostname, connection: 'close', ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  started = performance.now();
  socket.write(`GET ${pathname} HTTP/1.1\r\n${lines.join('')}\r\n`);
  return await promise.finally(() => socket.destroy());
}

/** Bytes of head and body together; infinite when they are not told. */
function lengthOf(begin: string): number {
  const head = begin.indexOf('\r\n\r\n');
  if (!begin.startsWith('HTTP/1.1 200 ') || head < 0) throw new Error(`unexpected answer: ${begin.slice(0, 200)}`);
  const length = /^content-length: (\d+)/im.exec(begin.slice(0, head))?.[1];
  return length === undefined ? Number.POSITIVE_INFINITY : head + 4 + Number(length);
}

const warm = 3;
const counted = 15;
/** Requests that `timeRequests` makes. */
export const requests = warm + counted;

/** Milliseconds of fifteen requests, after three that warm up. */
export async function timeRequests(url: string, headers: Readonly<Record<string, string>>): Promise<readonly number[]> {
  const times: number[] = [];
  for (let index = 0; index < requests; index += 1) times.push((await timeRequest(url, headers)).milliseconds);
  return times.slice(warm);
}
