import { gauge } from './family.ts';

const identity = ['certificate', 'source', 'chain_position'] as const;
const endpoint = ['certificate'] as const;
const managed = ['certificate'] as const;

export const certificateSources = ['file', 'endpoint', 'secret', 'cert-manager'] as const;
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
  renewal: gauge(
    'lookout_certificate_renewal_timestamp_seconds',
    identity,
    'When that certificate is to be replaced by what renews it; only where something is known to: cert-manager or Certbot.',
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
  managedInfo: gauge(
    'lookout_certificate_managed_info',
    [...managed, 'secret_namespace', 'secret', 'issuer'],
    'A declared Certificate of cert-manager, and the Secret that it writes.',
  ),
  ready: gauge('lookout_certificate_ready', managed, 'Whether cert-manager calls the Certificate ready.'),
  failedIssuances: gauge(
    'lookout_certificate_failed_issuances',
    managed,
    'Attempts of cert-manager to have the Certificate issued that failed, since one last succeeded.',
  ),
  lastFailedIssuance: gauge(
    'lookout_certificate_last_failed_issuance_timestamp_seconds',
    managed,
    'When the last of them failed; 0 when there is none.',
  ),
} as const;
