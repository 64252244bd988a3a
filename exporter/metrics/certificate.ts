import { gauge } from './family.ts';

const identity = ['certificate', 'source', 'chain_position'] as const;
const endpoint = ['certificate'] as const;

export const certificateSources = ['file', 'endpoint', 'secret'] as const;
export const chainPositions = ['leaf', 'intermediate', 'root'] as const;

export const certificateMetrics = {
  notAfter: gauge(
    'lookout_certificate_not_after_timestamp_seconds',
    identity,
    'End of the validity of the certificate (per chain position the earliest).',
  ),
  notBefore: gauge(
    'lookout_certificate_not_before_timestamp_seconds',
    identity,
    'Begin of the validity of that certificate.',
  ),
  info: gauge(
    'lookout_certificate_info',
    [...identity, 'subject', 'issuer', 'serial', 'fingerprint', 'dns_names'],
    'Identity of that certificate; fingerprint is SHA-256.',
  ),
  handshake: gauge(
    'lookout_certificate_handshake_success',
    endpoint,
    'Whether the endpoint answered with a TLS handshake.',
  ),
  trusted: gauge(
    'lookout_certificate_trusted',
    endpoint,
    'Whether the served chain is trusted for the server name now.',
  ),
  servedMatchesStored: gauge(
    'lookout_certificate_served_matches_stored',
    ['certificate', 'stored'],
    'Whether the endpoint serves the stored certificate that it is declared to serve.',
  ),
} as const;
