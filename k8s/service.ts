import type { BareObject } from './component.ts';
import { portOf } from './pod.ts';

/** The Service under which a component is reached: its name and port are those of the address that others were given. */
export function service(address: string, selector: Readonly<Record<string, string>>, more: object = {}): BareObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: serviceName(address) },
    spec: {
      ...more,
      selector,
      ports: [{ name: 'http', port: portOf(address), targetPort: 'http', appProtocol: 'http' }],
    },
  };
}

/** Of `lookout-prometheus.shop.svc:9090` the first part. */
export function serviceName(address: string): string {
  return address.slice(0, address.lastIndexOf(':')).split('.')[0] ?? '';
}
