import { createServer } from 'node:http';
import type { Address } from './listener.ts';
import { Listener } from './listener.ts';

/** Answers `GET /healthz` on an address of its own: 200 once `ready` says so, 503 before, 404 for everything else. */
export async function serveHealth(address: Address, ready: () => boolean): Promise<Listener> {
  const listener = new Listener(
    createServer((request, response) => {
      const status = request.url !== '/healthz' ? 404 : ready() ? 200 : 503;
      response.writeHead(status, { 'content-type': 'text/plain' }).end(`${status === 200 ? 'ok' : 'not ready'}\n`);
    }),
    address,
  );
  await listener.open();
  return listener;
}
