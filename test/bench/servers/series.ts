import { gauge } from '../../../exporter/metrics/family.ts';

/** 100 000 series of about 215 bytes: five families with labels as certificates have them, one object per certificate. */
export const objects = 20_000;
const labels = ['certificate', 'source', 'chain_position', 'subject', 'issuer'] as const;

export const families = ['not_after', 'not_before', 'first_seen', 'renewed', 'verified'].map((name) =>
  gauge(`bench_certificate_${name}_timestamp_seconds`, labels, 'A time of a certificate.'),
);

export function labelsOf(object: number): Readonly<Record<(typeof labels)[number], string>> {
  const name = `shop-${String(object).padStart(6, '0')}`;
  return {
    certificate: name,
    source: 'file',
    chain_position: 'leaf',
    subject: `O=Shop, CN=${name}.customers.example.com`,
    issuer: 'O=Example Trust, CN=Issuing CA 3',
  };
}

export function timeOf(object: number, family: number, round: number): number {
  return 1_790_000_000 + object * 7 + family * 1000 + round;
}
