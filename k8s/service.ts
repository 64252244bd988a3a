import type { BareObject } from './component.ts';
import { portOf } from './pod.ts';

/** A port besides the one of the address; one of gRPC has a name that ends so. */
export interface NamedPort {
  readonly name: string;
  readonly port: number;
}

/** The Service under which a component is reached: its name and port are those of the address that others were given. */
export function service(
  address: string,
  selector: Readonly<Record<string, string>>,
  more: object = {},
  further: readonly NamedPort[] = [],
): BareObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: serviceName(address) },
    spec: {
      ...more,
      selector,
      ports: [{ name: 'http', port: portOf(address) }, ...further].map(({ name, port }) => ({
        name,
        port,
        targetPort: name,
        appProtocol: name.endsWith('grpc') ? 'kubernetes.io/h2c' : 'http',
      })),
    },
  };
}

/** Of `lookout-prometheus.shop.svc:9090` the first part. */
export function serviceName(address: string): string {
  return address.slice(0, address.lastIndexOf(':')).split('.')[0] ?? '';
}
