import { connect } from './connection.ts';
import { Kinds } from './kinds.ts';
import { readContext } from './kubeconfig.ts';
import { openPortForward } from './port-forward.ts';
import { Sender } from './send.ts';
import type { Cluster } from './types.ts';

export interface ClusterOptions {
  /** Name of the kubeconfig's context: always explicit, the current one is never taken. */
  readonly context: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** Lines for the person: that the API server is away, and that it is back. */
  readonly report: (line: string) => void;
}

/**
 * Opens the way to a cluster; nothing is sent yet.
 * @throws UserError when there is no such context.
 */
export function openCluster({ context: name, env, now, signal, report }: ClusterOptions): Cluster {
  const context = readContext(name, env);
  const { server } = context.cluster;
  const sender = new Sender({ server, connect: () => connect(context), now, signal, report });
  const kinds = new Kinds((request) => sender.send(request));
  const cluster: Cluster = {
    context: name,
    server,
    send: (request) => sender.send(request),
    resource: (kind) => kinds.find(kind),
    forgetKinds: () => kinds.forget(),
    portForward: (namespace, target, port) => openPortForward({ context, cluster }, namespace, target, port),
    close: () => sender.close(),
  };
  return cluster;
}
