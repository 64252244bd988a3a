import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import type { CertificateEndpointSource } from '../../config.ts';
import type { Reason } from '../../metrics/self.ts';
import { SourceError } from '../../model/failure.ts';
import type { Outcome } from '../../model/reading.ts';
import type { NetworkContext, NetworkReading } from '../collector.ts';
import { shakeHands } from './handshake.ts';
import type { CertificateReading, ServedReading } from './reading.ts';

/** Reads what an endpoint serves. `authority` names the source that its additional authorities are read from. */
export function endpointReading(
  endpoint: CertificateEndpointSource,
  authority: string | null,
  stores: TrustStores,
): NetworkReading<CertificateReading> {
  return {
    kind: 'network',
    read: async (context) => {
      const trust = authority === null ? undefined : await storeOf(authority, context, stores);
      return await tryEndpoint(endpoint, trust, context.signal);
    },
  };
}

async function tryEndpoint(
  endpoint: CertificateEndpointSource,
  trust: SecureContext | undefined,
  signal: AbortSignal,
): Promise<Outcome<ServedReading>> {
  const timeout = AbortSignal.timeout(endpoint.timeout * 1000);
  try {
    return { reading: await shakeHands(endpoint, trust, AbortSignal.any([signal, timeout])), problem: null };
  } catch (error) {
    const place = `${endpoint.host}:${endpoint.port}`;
    const reason = timeout.aborted || signal.aborted ? 'timeout' : reasonOf(error);
    const cause = reason === 'timeout' ? `no handshake within ${endpoint.timeout} s` : String(error);
    return { reading: null, problem: { reason, message: `could not shake hands with ${place}: ${cause}` } };
  }
}

const reasons: Readonly<Record<string, Reason>> = {
  ECONNREFUSED: 'connection_refused',
  ECONNRESET: 'connection_reset',
  EPIPE: 'connection_reset',
  EHOSTUNREACH: 'host_unreachable',
  ENETUNREACH: 'host_unreachable',
  ENOTFOUND: 'name_not_resolved',
  EAI_AGAIN: 'name_not_resolved',
  ETIMEOUT: 'name_not_resolved',
  ETIMEDOUT: 'timeout',
};

/** When all addresses of a host failed the error holds one for each; the first one counts. */
function reasonOf(error: unknown): Reason {
  const first = error instanceof AggregateError ? error.errors[0] : error;
  if (first instanceof SourceError) return first.reason;
  const code = first instanceof Error && 'code' in first ? String(first.code) : '';
  return reasons[code] ?? 'handshake_failed';
}

/** Trust stores by the digest of the file that they were made of: making one takes ten milliseconds. */
export type TrustStores = Map<string, SecureContext>;

/** The default authorities and those of the file as last read; the default ones alone when it never could be. */
async function storeOf(
  authority: string,
  context: NetworkContext<CertificateReading>,
  stores: TrustStores,
): Promise<SecureContext | undefined> {
  const { reading } = await context.peer(authority);
  if (reading?.kind !== 'stored') return undefined;
  const existing = stores.get(reading.digest);
  if (existing !== undefined) return existing;
  const store = createSecureContext({ ca: [...getCACertificates('default'), ...reading.pem] });
  stores.set(reading.digest, store);
  return store;
}
