import type { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { checkServerIdentity, connect, type SecureContext, type TLSSocket } from 'node:tls';
import type { CertificateEndpointSource } from '../../config.ts';
import { SourceError } from '../../model/failure.ts';
import { hostLookup } from './addresses.ts';
import { factsOf } from './facts.ts';
import type { ServedReading } from './reading.ts';
import { askForTls, type StarttlsProtocol } from './starttls.ts';

/**
 * Shakes hands and reads what is served. A chain that is expired, of an unknown authority or for another name is read all the
 * same, and says why it is not trusted. `context` holds other authorities than the default ones.
 */
export async function shakeHands(
  endpoint: CertificateEndpointSource,
  context: SecureContext | undefined,
  signal: AbortSignal,
): Promise<ServedReading> {
  const { serverName } = endpoint;
  const plain = connectPlain({ host: endpoint.host, port: endpoint.port, lookup: hostLookup }).on('error', () => {});
  try {
    if (endpoint.starttls !== undefined) await beginTls(plain, endpoint.starttls, signal);
    const socket = connect({
      socket: plain,
      rejectUnauthorized: false,
      checkServerIdentity: (_, certificate) => checkServerIdentity(serverName, certificate),
      ...(isIP(serverName) === 0 ? { servername: serverName } : {}),
      ...(context === undefined ? {} : { secureContext: context }),
    });
    socket.on('error', () => {});
    await once(socket, 'secureConnect', { signal });
    const chain = servedChain(socket).map((certificate, index) => factsOf(certificate, index === 0));
    return { kind: 'served', chain, distrust: socket.authorized ? null : String(socket.authorizationError) };
  } finally {
    plain.destroy();
  }
}

async function beginTls(socket: Socket, protocol: StarttlsProtocol, signal: AbortSignal): Promise<void> {
  const giveUp = () => socket.destroy(new Error('given up'));
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    await once(socket, 'connect', { signal });
    await askForTls(socket, protocol);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

/** As served: what Node adds from its own authorities to make the chain whole is left out. */
function servedChain(socket: TLSSocket): readonly X509Certificate[] {
  const chain: X509Certificate[] = [];
  let next = socket.getPeerX509Certificate();
  while (next !== undefined && !chain.some(({ fingerprint256 }) => fingerprint256 === next?.fingerprint256)) {
    chain.push(next);
    next = next.issuerCertificate;
  }
  if (chain.length === 0) throw new SourceError('handshake_failed', 'the server showed no certificate');
  return chain;
}
