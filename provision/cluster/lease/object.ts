import type { LeaseObject, LeaseOptions } from './types.ts';

/** Seconds after which a lease that is not renewed is free. */
export const seconds = 30;
/** Seconds between two renewals. */
export const renewal = 10;

export const processAnnotation = 'lookout/process';

export function leaseReference({ namespace, name }: Pick<LeaseOptions, 'namespace' | 'name'>) {
  return { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace, name };
}

/** Held by `holder`; by nobody when that is empty. */
export function leaseObject(
  options: LeaseOptions,
  holder: string,
  resourceVersion: string | undefined,
  since?: string,
): LeaseObject {
  const { namespace, name, now } = options;
  const annotations = holder === '' ? {} : { annotations: { [processAnnotation]: options.holder.process } };
  const version = resourceVersion === undefined ? {} : { resourceVersion };
  const time = microTime(now());
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name, namespace, ...annotations, ...version },
    spec: { holderIdentity: holder, leaseDurationSeconds: seconds, acquireTime: since ?? time, renewTime: time },
  };
}

/** RFC 3339 with six decimals, which MicroTime insists on. */
function microTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('Z', '000Z');
}
