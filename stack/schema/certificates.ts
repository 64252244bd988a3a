import { formatDuration } from '../../common/durations.ts';
import { defaults } from '../defaults.ts';
import { startTlsProtocols } from '../types.ts';
import * as scalar from './scalars.ts';
import { secret } from './secrets.ts';
import { list, optional, required, section } from './structure.ts';

const file = section('a stored certificate', {
  name: required('its name', scalar.name),
  path: required(
    'a file in PEM, DER or PKCS#12, or a kubeconfig: on the node, or below the root of the claim',
    scalar.path,
  ),
  claim: optional('the claim that it is in, in the namespace of the environment', scalar.objectName, 'none'),
  password: optional('the password of a PKCS#12 file', secret, 'it has none'),
});

const tlsSecret = section('a TLS Secret', {
  name: required('the name of the certificate', scalar.name),
  namespace: optional('its namespace', scalar.label, 'namespace of the environment'),
  secret: required('its name', scalar.objectName),
});

const managed = section('a Certificate of cert-manager', {
  name: required('the name of the certificate', scalar.name),
  namespace: optional('its namespace', scalar.label, 'namespace of the environment'),
  certificate: required('its name', scalar.objectName),
});

const endpoint = section('a server that presents a certificate', {
  name: required('its name', scalar.name),
  address: required('where it listens; without a port 443', scalar.server),
  serverName: optional('the name that is asked for (SNI)', scalar.hostName, 'the host of the address'),
  authority: optional('a PEM file of authorities that are trusted too', scalar.path, 'only the public ones'),
  expects: optional('the certificate of files or secrets that it serves', scalar.name, 'it is compared with none'),
  timeout: optional('how long it may take', scalar.interval, formatDuration(defaults.endpoint.timeout)),
  starttls: optional(
    'the protocol that begins in plain text and then asks for TLS',
    scalar.choice(startTlsProtocols),
    'TLS from the first byte',
  ),
});

export const certificates = section('certificates', {
  files: optional('certificates in files', list('stored certificates', file)),
  secrets: optional('certificates in TLS Secrets', list('TLS Secrets', tlsSecret)),
  discover: optional(
    'every other TLS Secret too, which needs the right to read every Secret: of the namespace of the environment, or of all',
    scalar.choice(['namespace', 'everywhere']),
    'only the declared ones',
  ),
  certManager: optional(
    'when cert-manager is to renew, and whether it can',
    list('Certificates of cert-manager', managed),
  ),
  endpoints: optional('certificates as servers present them', list('servers', endpoint)),
});
