import { describe, expect, test } from 'vitest';
import type { CertificateFacts } from '../../exporter/collectors/certificates/facts.ts';
import { renewalTime } from '../../exporter/collectors/certificates/renewal.ts';

const day = 86_400;

describe('the time at which a certificate is renewed', () => {
  test.each([
    { renewer: 'certbot', days: 90, left: 30 },
    { renewer: 'certbot', days: 45, left: 15 },
    { renewer: 'certbot', days: 6, left: 3 },
    { renewer: 'cert-manager', days: 90, left: 30 },
    { renewer: 'cert-manager', days: 6, left: 2 },
  ] as const)('is $left days before the end of one of $days days with $renewer', ({ renewer, days, left }) => {
    const facts = { notBefore: 1000, notAfter: 1000 + days * day } as CertificateFacts;
    expect(renewalTime(renewer, facts)).toBe(1000 + (days - left) * day);
  });
});
