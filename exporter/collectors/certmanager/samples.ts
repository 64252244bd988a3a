import type { CertManagerSource } from '../../config.ts';
import { certificateMetrics as metrics } from '../../metrics/certificate.ts';
import type { State } from '../../model/reading.ts';
import { type Sample, sample } from '../../model/sample.ts';
import type { CertificateReading } from '../certificates/reading.ts';

/** Its times always, 0 when they were never known; what cert-manager says of issuing only while that is known to hold. */
export function* managedSamples(
  { name, namespace }: CertManagerSource,
  { reading, fresh }: State<CertificateReading>,
): Generator<Sample> {
  const known = reading?.kind === 'managed' ? reading : null;
  const labels = { certificate: name, source: 'cert-manager', chain_position: 'leaf' };
  yield sample(metrics.notAfter, labels, known?.notAfter ?? 0);
  yield sample(metrics.notBefore, labels, known?.notBefore ?? 0);
  if (known === null) return;
  const { secret, issuer, renewal } = known;
  if (renewal > 0) yield sample(metrics.renewal, labels, renewal);
  yield sample(metrics.managedInfo, { certificate: name, secret_namespace: namespace, secret, issuer }, 1);
  if (!fresh) return;
  yield sample(metrics.ready, { certificate: name }, known.ready ? 1 : 0);
  yield sample(metrics.failedIssuances, { certificate: name }, known.failedIssuances);
  yield sample(metrics.lastFailedIssuance, { certificate: name }, known.lastFailedIssuance);
}
