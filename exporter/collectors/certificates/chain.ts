import { chainPositions, certificateMetrics as metrics } from '../../metrics/certificate.ts';
import { type Sample, sample } from '../../model/sample.ts';
import type { CertificateFacts, ChainPosition } from './facts.ts';
import { type Renewer, renewalTime } from './renewal.ts';

/**
 * The leaf always, its times 0 when they were never known; other positions as they are there.
 * @param renewer what replaces the leaf by itself; null where nothing is known to.
 */
export function* chainSamples(
  name: string,
  source: string,
  chain: readonly CertificateFacts[],
  renewer: Renewer | null,
): Generator<Sample> {
  const earliest = earliestByPosition(chain);
  for (const position of chainPositions) {
    const labels = { certificate: name, source, chain_position: position };
    const facts = earliest.get(position);
    if (facts === undefined && position !== 'leaf') continue;
    yield sample(metrics.notAfter, labels, facts?.notAfter ?? 0);
    yield sample(metrics.notBefore, labels, facts?.notBefore ?? 0);
    if (facts === undefined) continue;
    yield sample(metrics.info, { ...labels, ...identity(facts) }, 1);
    if (renewer !== null && position === 'leaf') yield sample(metrics.renewal, labels, renewalTime(renewer, facts));
  }
}

function identity({ subject, issuer, serial, fingerprint, dnsNames }: CertificateFacts) {
  return { subject, issuer, serial, fingerprint, dns_names: dnsNames.join(',') };
}

function earliestByPosition(chain: readonly CertificateFacts[]): ReadonlyMap<ChainPosition, CertificateFacts> {
  const sorted = chain.toSorted((a, b) => b.notAfter - a.notAfter);
  return new Map(sorted.map((facts) => [facts.position, facts]));
}
