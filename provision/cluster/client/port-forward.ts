import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { UserError } from '../../../common/problems.ts';
import { findPort } from './forward-target.ts';
import { asKubeConfig, type Context } from './kubeconfig.ts';
import type { Cluster, ForwardTarget, PortForwarding } from './types.ts';

interface Way {
  readonly context: Context;
  readonly cluster: Cluster;
}

/**
 * Listens on a free port of loopback; each connection becomes one through the API server. The pod behind a Service is looked up
 * per connection, so that a replaced pod does not end the forwarding.
 * @throws UserError when there is no such Service or pod, no ready pod behind it, or no such port.
 */
export async function openPortForward(
  way: Way,
  namespace: string,
  target: ForwardTarget,
  port: number | string,
): Promise<PortForwarding> {
  await findPort(way.cluster, namespace, target, port);
  let problem: string | undefined;
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    // What a client does to its own connection is its own affair.
    socket.on('error', () => socket.destroy());
    forward(way, socket, namespace, target, port).catch((error: unknown) => {
      problem = error instanceof Error ? error.message : String(error);
      socket.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: local } = server.address() as AddressInfo;
  const close = async () => {
    for (const socket of open) socket.destroy();
    server.close();
    await once(server, 'close');
  };
  return { host: '127.0.0.1', port: local, problem: () => problem, close };
}

/** Rejects when the pod refuses: that shows on the error stream alone. */
async function forward(
  { context, cluster }: Way,
  socket: Socket,
  namespace: string,
  target: ForwardTarget,
  port: number | string,
): Promise<void> {
  const found = await findPort(cluster, namespace, target, port);
  const { PortForward } = await import('@kubernetes/client-node');
  const config = await asKubeConfig(context);
  const errors = new PassThrough();
  const refused = new Promise<never>((_, reject) => {
    errors.once('data', (text) =>
      reject(new UserError(`${namespace}/${found.pod} port ${found.port}: ${String(text).trim()}`)),
    );
  });
  const connection = await new PortForward(config).portForward(
    namespace,
    found.pod,
    [found.port],
    socket,
    errors,
    socket,
  );
  if (typeof connection === 'function') return;
  const closed = new Promise<void>((resolve) => connection.addEventListener('close', () => resolve()));
  socket.once('close', () => connection.close());
  try {
    await Promise.race([closed, refused]);
  } finally {
    connection.close();
    socket.end();
  }
}
