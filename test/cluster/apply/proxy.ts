import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { request } from 'undici';
import { inject } from 'vitest';
import { connect } from '../../../provision/cluster/client/connection.ts';
import { readContext } from '../../../provision/cluster/client/kubeconfig.ts';

/** Told of each request by its number: before it is passed on, and when the API server has answered and the client has not heard. */
export type Watch = (count: number, moment: 'before' | 'after', what: string) => Promise<void> | void;

export interface CountingProxy {
  /** A kubeconfig whose one context, of the usual name, leads through the proxy with the rights of the tests. */
  readonly kubeconfig: string;
  readonly count: () => number;
  readonly watch: (watch: Watch) => void;
  /** Resolves once nothing is under way to the API server: what a killed process sent has arrived. */
  readonly settled: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** A server in front of the API server that counts requests. */
export async function countingProxy(): Promise<CountingProxy> {
  const { kubeconfig, context } = inject('cluster');
  const config = readContext(context, { KUBECONFIG: kubeconfig });
  const target = config.cluster.server;
  const { dispatcher, headers } = await connect(config);
  let count = 0;
  let watch: Watch = () => {};
  const pass = async (incoming: IncomingMessage, response: ServerResponse) => {
    const number = ++count;
    const what = `${incoming.method} ${incoming.url}`;
    const body = await buffer(incoming);
    await watch(number, 'before', what);
    if (incoming.socket.destroyed) return;
    const { host: _host, connection: _connection, 'content-length': _length, ...kept } = incoming.headers;
    const answer = await request(`${target}${incoming.url}`, {
      method: incoming.method as 'GET',
      dispatcher,
      headers: { ...kept, ...headers },
      ...(body.length === 0 ? {} : { body }),
    });
    const text = await answer.body.text();
    await watch(number, 'after', what);
    const { 'transfer-encoding': _encoding, ...answered } = answer.headers;
    response.writeHead(answer.statusCode, answered as Record<string, string>).end(text);
  };
  const under = new Set<Promise<void>>();
  const server = createServer((incoming, response) => {
    const one = pass(incoming, response).catch(() => void incoming.socket.destroy());
    under.add(one);
    void one.then(() => under.delete(one));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const folder = mkdtempSync(join(tmpdir(), 'lookout-proxy-'));
  const file = join(folder, 'kubeconfig');
  writeFileSync(file, JSON.stringify(through((server.address() as AddressInfo).port, context)));
  return {
    kubeconfig: file,
    count: () => count,
    watch: (next) => {
      watch = next;
      count = 0;
    },
    settled: async () => void (await Promise.all(under)),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await dispatcher.destroy();
      rmSync(folder, { recursive: true });
    },
  };
}

function through(port: number, context: string) {
  const cluster = { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true };
  return {
    clusters: [{ name: 'proxy', cluster }],
    users: [{ name: 'proxy', user: {} }],
    contexts: [{ name: context, context: { cluster: 'proxy', user: 'proxy' } }],
  };
}
