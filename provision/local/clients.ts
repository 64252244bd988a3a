import type { SecretName, Stack } from '../../stack/types.ts';
import { basic } from '../checks/service.ts';
import type { SecretValues } from '../credentials/values.ts';
import type { HealthPorts } from './parts/context.ts';
import type { PartClient, PartClients } from './types.ts';

/** Milliseconds after which a part counts as silent. */
const timeout = 5000;

/** How to ask each part of a local stack over HTTP, with its credentials. */
export function partClients(stack: Stack, values: SecretValues, health: HealthPorts): PartClients {
  const { prometheus, alertmanager, exporter, local } = stack;
  const secret = (name: SecretName) => values.get(name) ?? '';
  const demonstration = local?.demonstration === true;
  return {
    prometheus: client('Prometheus', prometheus.address, basic(prometheus.user, secret(prometheus.password))),
    alertmanager: client('Alertmanager', alertmanager.address, basic(alertmanager.user, secret(alertmanager.password))),
    exporter: client('the exporter', exporter.address, `Bearer ${secret(exporter.token)}`),
    inbox: local?.inbox ? client('the inbox', local.inbox.http) : null,
    app: demonstration ? client('the demonstration application', `127.0.0.1:${health.app}`) : null,
    jobs: demonstration ? client('the demonstration jobs', `127.0.0.1:${health.jobs}`) : null,
  };
}

function client(title: string, address: string, authorization?: string): PartClient {
  return async (path, init = {}) => {
    const headers = new Headers(init.headers);
    if (authorization !== undefined) headers.set('authorization', authorization);
    try {
      return await fetch(new URL(path, `http://${address}`), {
        ...init,
        headers,
        signal: init.signal ?? AbortSignal.timeout(timeout),
      });
    } catch (cause) {
      throw new Error(`${title} does not answer at ${address}${connectionReason(cause)}`, { cause });
    }
  };
}

/** The system's reason, which fetch hides in its cause: `: connect ECONNREFUSED 127.0.0.1:19304`. */
function connectionReason(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && cause.message !== '' ? `: ${cause.message}` : '';
}
