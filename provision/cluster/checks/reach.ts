import type { Stack } from '../../../stack/types.ts';
import type { Cluster, PortForwarding } from '../client/types.ts';

/** The ways to the Services of a stack, opened when they are first needed. */
export interface Reach {
  /** Base URL on loopback that leads to `host:port`, an address as the stack names it. */
  readonly base: (address: string) => Promise<string>;
  readonly close: () => Promise<void>;
}

/**
 * Port-forwards through the API server: its service proxy strips the Authorization header.
 * An address is `<Service>:<port>`, or `<Service>.<namespace>...:<port>`.
 */
export function openReach(cluster: Cluster, stack: Stack): Reach {
  const ways = new Map<string, Promise<PortForwarding>>();
  const open = (address: string): Promise<PortForwarding> => {
    const { service, namespace, port } = locate(address, stack);
    const way = ways.get(address) ?? cluster.portForward(namespace, { kind: 'service', name: service }, port);
    ways.set(address, way);
    // One that could not be opened is tried again when it is needed again.
    way.catch(() => ways.delete(address));
    return way;
  };
  return {
    base: async (address) => {
      const { host, port } = await open(address);
      return `http://${host}:${port}`;
    },
    close: async () => {
      const opened = await Promise.allSettled(ways.values());
      await Promise.all(opened.map((way) => (way.status === 'fulfilled' ? way.value.close() : undefined)));
    },
  };
}

function locate(address: string, { cluster }: Stack) {
  const end = address.lastIndexOf(':');
  const [service = '', namespace = cluster?.namespace ?? ''] = address.slice(0, end).split('.');
  return { service, namespace, port: Number(address.slice(end + 1)) };
}
