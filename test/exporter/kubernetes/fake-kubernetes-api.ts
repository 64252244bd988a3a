import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { ApiAccess } from '../../../exporter/kubernetes/access.ts';
import { type Issued, openssl } from '../support/openssl.ts';
import { type FakeEvent, FakeStore } from './fake-store.ts';

/**
 * What goes wrong with one request. `half`: an event is cut in its middle, then the answer ends or breaks. `silence`: nothing is
 * answered; `stall`: the answer begins, and nothing follows.
 */
export type Fault =
  | { readonly kind: 'status'; readonly code: number; readonly retryAfter?: string; readonly body?: string }
  | { readonly kind: 'event'; readonly code: number }
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'half'; readonly by: 'end' | 'break' }
  | { readonly kind: 'close' | 'reset' | 'silence' | 'stall' };

export type RequestKind = 'page' | 'object' | 'watch';

interface Watcher {
  readonly store: FakeStore;
  readonly response: ServerResponse;
  readonly name: string | undefined;
  readonly bookmarks: boolean;
}

/**
 * `fake-kubernetes-api`: collections of objects by path, with the faults that a real server has but not when a test wants
 * them. It follows https://kubernetes.io/docs/reference/using-api/api-concepts/: resource versions,
 * lists in chunks, watches from a version or without one, bookmarks, 410 Gone.
 */
export class FakeKubernetesApi {
  readonly #stores = new Map<string, FakeStore>();
  readonly #watchers = new Set<Watcher>();
  readonly #faults: Record<RequestKind, Fault[]> = { page: [], object: [], watch: [] };
  readonly #refusals = new Map<string, { readonly code: number; readonly message: string }>();
  readonly #issued: Issued;
  readonly requests: { readonly kind: RequestKind; readonly url: URL; readonly token: string | undefined }[] = [];
  token = 'first-token';
  bookmarks = true;
  #port = 0;
  #server: Server | undefined;

  constructor(folder: string) {
    this.#issued = openssl(folder).selfSigned({ name: 'api', names: 'IP:127.0.0.1' });
  }

  /** Starts it, or starts it again on the same port. */
  async start(): Promise<void> {
    const { certificate, key } = this.#issued;
    const server = createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, (request, response) =>
      this.#answer(request, response),
    );
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (server.address() as AddressInfo).port;
    const beat = setInterval(() => this.#bookmark(), 15);
    server.on('close', () => clearInterval(beat));
    this.#server = server;
    onTestFinished(() => this.stop());
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  get port(): number {
    return this.#port;
  }

  get access(): ApiAccess {
    const authority = readFileSync(this.#issued.certificate, 'utf8');
    return { server: `https://127.0.0.1:${this.#port}`, authority: () => authority, token: () => this.token };
  }

  /** The collection at a path, e.g. `/api/v1/namespaces/shop/secrets`; it exists from the first use on. */
  collection(path: string) {
    const store = this.#stores.get(path) ?? new FakeStore();
    this.#stores.set(path, store);
    return {
      store,
      put: (name: string, content: object, metadata?: object) => this.#tell(store, store.put(name, content, metadata)),
      delete: (name: string) => {
        const event = store.delete(name);
        if (event !== undefined) this.#tell(store, event);
      },
      /** Forgets what has happened until now: watches cannot go on from before. */
      compact: () => {
        store.oldest = store.version;
      },
    };
  }

  /** Forgets everything that it holds. */
  forget(): void {
    for (const store of this.#stores.values()) store.forget();
  }

  /** Every request of that path is refused from now on. */
  refuse(path: string, code: number, message: string): void {
    this.#refusals.set(path, { code, message });
  }

  /** The next requests of that kind go wrong so, one after another. */
  fail(kind: RequestKind, ...faults: readonly Fault[]): void {
    this.#faults[kind].push(...faults);
  }

  /** Breaks off every watch. */
  breakWatches(): void {
    for (const { response } of this.#watchers) response.destroy();
  }

  count(kind: RequestKind): number {
    return this.requests.filter((request) => request.kind === kind).length;
  }

  #tell(store: FakeStore, event: FakeEvent): void {
    for (const watcher of this.#watchers) {
      if (watcher.store === store && wants(watcher, event)) send(watcher.response, event);
    }
  }

  #bookmark(): void {
    for (const { bookmarks, store, response } of this.#watchers) {
      const object = { metadata: { resourceVersion: String(store.version) } };
      if (bookmarks) send(response, { type: 'BOOKMARK', object });
    }
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '', 'https://api');
    const [path = '', store = new FakeStore()] = this.#find(url.pathname);
    const name = path === url.pathname ? undefined : url.pathname.slice(path.length + 1);
    const kind = name !== undefined ? 'object' : url.searchParams.has('watch') ? 'watch' : 'page';
    this.requests.push({ kind, url, token: request.headers.authorization });
    const fault = this.#faults[kind].shift();
    const refusal = this.#refusals.get(url.pathname);
    if (request.headers.authorization !== `Bearer ${this.token}`) refuse(response, 401, 'Unauthorized');
    else if (refusal !== undefined) refuse(response, refusal.code, refusal.message);
    else if (fault !== undefined) misbehave(fault, request, response);
    else if (kind === 'watch') this.#watch(store, url.searchParams, response);
    else if (kind === 'page') page(store, url.searchParams, response);
    else object(store, name ?? '', response);
  }

  #find(pathname: string) {
    const found = [...this.#stores].filter(([path]) => pathname === path || pathname.startsWith(`${path}/`));
    return found.sort(([a], [b]) => b.length - a.length)[0] ?? [];
  }

  #watch(store: FakeStore, query: URLSearchParams, response: ServerResponse): void {
    const from = Number(query.get('resourceVersion'));
    const name = /^metadata\.name=(.+)/.exec(query.get('fieldSelector') ?? '')?.[1];
    const bookmarks = this.bookmarks && query.get('allowWatchBookmarks') === 'true';
    if (from > 0 && from < store.oldest) refuse(response, 410, 'too old resource version');
    else this.#serve({ store, response, name, bookmarks }, from, Number(query.get('timeoutSeconds')));
  }

  #serve(watcher: Watcher, from: number, seconds: number): void {
    const { store, response } = watcher;
    response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
    const existing = store.all.map((object) => ({ type: 'ADDED', object }) as const);
    const missed = from === 0 ? existing : store.since(from);
    for (const event of missed) if (wants(watcher, event)) send(response, event);
    this.#watchers.add(watcher);
    const end = () => {
      this.#watchers.delete(watcher);
      response.end();
    };
    const timer = setTimeout(end, seconds * 1000);
    response.on('close', () => {
      clearTimeout(timer);
      end();
    });
  }
}

function object(store: FakeStore, name: string, response: ServerResponse): void {
  const found = store.get(name);
  if (found === undefined) refuse(response, 404, `"${name}" not found`);
  else response.writeHead(200).end(JSON.stringify(found));
}

function page(store: FakeStore, query: URLSearchParams, response: ServerResponse): void {
  const [version, last = ''] = query.get('continue')?.split(':') ?? [String(store.version)];
  const rest = store.at(Number(version)).filter(({ metadata }) => metadata.name > last);
  const items = rest.slice(0, Number(query.get('limit') ?? rest.length));
  const next = items.length < rest.length ? `${version}:${items.at(-1)?.metadata.name}` : '';
  const body = { metadata: { resourceVersion: version, continue: next }, items: items.length === 0 ? null : items };
  if (Number(version) < store.oldest) refuse(response, 410, 'the provided continue parameter is too old');
  else response.writeHead(200).end(JSON.stringify(body));
}

function misbehave(fault: Fault, request: IncomingMessage, response: ServerResponse): void {
  if (fault.kind === 'reset') request.socket.destroy();
  if (fault.kind === 'status') refuse(response, fault.code, fault.body ?? 'refused', fault.retryAfter);
  if (fault.kind === 'stall') response.writeHead(200).flushHeaders();
  if (fault.kind === 'close') response.writeHead(200).end();
  if (fault.kind === 'line') response.writeHead(200).end(`${fault.text}\n`);
  if (fault.kind === 'event')
    send(response, { type: 'ERROR', object: { code: fault.code, message: 'too old resource version' } });
  if (fault.kind === 'half') {
    response.write('{"type":"ADDED","object":{"metadata":{"name":"half","namesp');
    if (fault.by === 'end') response.end();
    else setImmediate(() => response.destroy());
  }
}

function wants({ name }: Watcher, { object }: FakeEvent): boolean {
  return name === undefined || name === object.metadata.name;
}

function send(response: ServerResponse, event: unknown): void {
  response.write(`${JSON.stringify(event)}\n`);
}

function refuse(response: ServerResponse, code: number, message: string, retryAfter?: string): void {
  const headers = retryAfter === undefined ? {} : { 'retry-after': retryAfter };
  response.writeHead(code, headers).end(JSON.stringify({ kind: 'Status', status: 'Failure', code, message }));
}
