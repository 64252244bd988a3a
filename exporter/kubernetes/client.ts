import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { finished } from 'node:stream/promises';
import { hostLookup } from '../collectors/certificates/addresses.ts';
import type { ApiAccess } from './access.ts';
import { AnswerError, connectionError, refusal, SilenceError } from './error.ts';

/** Reads from one API server or kubelet; it has no other verb. It fails with a RequestError. */
export interface ApiClient {
  /** The parsed body of a GET; what it holds is the caller's to check. */
  readonly get: (path: string, signal: AbortSignal) => Promise<unknown>;
  /** Reads a GET whose answer is a stream of lines, until the server ends it; what breaks off is an error. */
  readonly stream: (path: string, options: StreamOptions) => Promise<void>;
  readonly close: () => void;
}

export interface StreamOptions {
  readonly signal: AbortSignal;
  /** Seconds in which the server must begin to answer: where its address leads nowhere, nothing refuses the connection. */
  readonly begin: number;
  /** Seconds without a byte after that, after which the connection counts as dead. */
  readonly silence: number;
  /** Called once the server has begun to answer, before the first line; what it throws ends the stream. */
  readonly opened: () => Promise<void>;
  /** Called for each line, which is not kept: it may be a Secret. What it throws ends the stream. */
  readonly line: (text: string) => void;
}

export interface ClientOptions {
  /** Names the program in the server's audit log. */
  readonly userAgent: string;
  /** Seconds that an answer which is no stream may take. */
  readonly patience: number;
}

/** Seconds without traffic after which TCP asks whether the other side is still there. */
const probeDelay = 15;

export function apiClient(access: ApiAccess, { userAgent, patience }: ClientOptions): ApiClient {
  // A watch holds its socket for as long as it lasts: their number must not be limited.
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 2 });
  const ask = (path: string, signal: AbortSignal) => answer({ access, agent, userAgent }, path, signal);
  return {
    get: async (path, signal) => {
      const timeout = AbortSignal.timeout(patience * 1000);
      try {
        return parse(path, await text(await ask(path, AbortSignal.any([signal, timeout]))));
      } catch (error) {
        throw timeout.aborted ? new SilenceError(path, patience) : connectionError(path, error);
      }
    },
    stream: (path, options) => stream(ask, path, options),
    close: () => agent.destroy(),
  };
}

/** The parser's own message would quote the text. */
export function parse(path: string, json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new AnswerError(path, `the answer is not JSON (${json.length} characters)`);
  }
}

interface Connection {
  readonly access: ApiAccess;
  readonly agent: Agent;
  readonly userAgent: string;
}

type Ask = (path: string, signal: AbortSignal) => Promise<IncomingMessage>;

/** The answer of status 200, its body still to be read. */
async function answer(connection: Connection, path: string, signal: AbortSignal): Promise<IncomingMessage> {
  const response = await send(connection, path, signal);
  if (response.statusCode === 200) return response;
  throw refusal(path, response, await text(response));
}

async function send(connection: Connection, path: string, signal: AbortSignal): Promise<IncomingMessage> {
  const { access, agent, userAgent } = connection;
  const token = access.token();
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const headers = { accept: 'application/json', 'user-agent': userAgent, ...authorization };
  const ca = access.authority();
  const options = { agent, headers, signal, lookup: hostLookup, ...(ca === undefined ? {} : { ca }) };
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const sent = request(`${access.server}${path}`, options, resolve).on('error', reject);
  sent.setSocketKeepAlive(true, probeDelay * 1000);
  sent.end();
  try {
    return await promise;
  } catch (error) {
    // The server has closed a kept connection just when it was used again: that says nothing of the request.
    if (!sent.reusedSocket || signal.aborted) throw error;
    return await send(connection, path, signal);
  }
}

async function text(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

async function stream(ask: Ask, path: string, options: StreamOptions): Promise<void> {
  const { signal, begin, silence, opened, line } = options;
  const watchdog = new AbortController();
  const abort = () => watchdog.abort();
  let seconds = begin;
  let timer = setTimeout(abort, begin * 1000);
  try {
    const response = await ask(path, AbortSignal.any([signal, watchdog.signal]));
    clearTimeout(timer);
    seconds = silence;
    timer = setTimeout(abort, silence * 1000);
    await opened();
    await readLines(response, timer, line);
  } catch (error) {
    throw watchdog.signal.aborted ? new SilenceError(path, seconds) : connectionError(path, error);
  } finally {
    clearTimeout(timer);
    watchdog.abort();
  }
}

/**
 * By events and not by iterating: a suspended loop would hold the last text until the next one comes. A line that the end
 * cuts off is left out: it will be said again.
 */
async function readLines(response: IncomingMessage, timer: NodeJS.Timeout, line: StreamOptions['line']): Promise<void> {
  let rest = '';
  response.setEncoding('utf8').on('data', (chunk: string) => {
    timer.refresh();
    const parts = `${rest}${chunk}`.split('\n');
    rest = parts.pop() ?? '';
    try {
      for (const part of parts) if (part !== '') line(part);
    } catch (error) {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  });
  await finished(response);
}
