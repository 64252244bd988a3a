import type { Family } from '../../../exporter/metrics/family.ts';
import { gauge } from '../../../exporter/metrics/family.ts';

/** Series of the benchmark: so many objects, each with one series of every family. */
export interface Shape {
  readonly objects: number;
  readonly families: readonly Family[];
  readonly labelsOf: (object: number) => Readonly<Record<string, string>>;
}

export const shapeNames = ['wide', 'narrow'] as const;
export type ShapeName = (typeof shapeNames)[number];

export const shapes: Readonly<Record<ShapeName, Shape>> = {
  /** 100 000 series of about 215 bytes: labels as certificates have them, one object for each. */
  wide: {
    objects: 20_000,
    families: ['not_after', 'not_before', 'first_seen', 'renewed', 'verified'].map((name) =>
      gauge(
        `bench_certificate_${name}_timestamp_seconds`,
        ['certificate', 'source', 'chain_position', 'subject', 'issuer'],
        'A time of a certificate.',
      ),
    ),
    labelsOf: (object) => {
      const name = `shop-${String(object).padStart(6, '0')}`;
      return {
        certificate: name,
        source: 'file',
        chain_position: 'leaf',
        subject: `O=Shop, CN=${name}.customers.example.com`,
        issuer: 'O=Example Trust, CN=Issuing CA 3',
      };
    },
  },
  /** 50 000 series of about 82 bytes: as kube-state-metrics has five of each Secret. */
  narrow: {
    objects: 10_000,
    families: ['created', 'annotated', 'labelled', 'owned', 'version'].map((name) =>
      gauge(`bench_secret_${name}`, ['secret_namespace', 'secret'], 'A fact about a Secret.'),
    ),
    labelsOf: (object) => ({ secret_namespace: 'shop-prod', secret: `shop-${String(object).padStart(5, '0')}` }),
  },
};

export function timeOf(object: number, family: number, round: number): number {
  return 1_790_000_000 + object * 7 + family * 1000 + round;
}
