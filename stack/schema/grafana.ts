import { storage } from './cluster.ts';
import * as scalar from './scalars.ts';
import { secret } from './secrets.ts';
import { list, optional, required, section } from './structure.ts';

const place = {
  host: required('its public host name', scalar.hostName),
  path: optional('its path below the host', scalar.urlPath, '/'),
};

const access = section('how people reach it; one of these', {
  ingress: optional(
    'by an Ingress',
    section('an Ingress', {
      ...place,
      class: optional('its class', scalar.objectName, "the cluster's default"),
      issuer: optional('the ClusterIssuer of cert-manager for its certificate', scalar.objectName, 'none'),
      tlsSecret: optional(
        'the TLS Secret with its certificate',
        scalar.objectName,
        'with an issuer one is made, else no TLS',
      ),
    }),
  ),
  route: optional('by a Route of OpenShift', section('a Route', place)),
  gateway: optional('by a gateway of your own that forwards to the Service', section('a gateway', place)),
});

const role = optional(
  'a JMESPath expression on the claims that gives Viewer, Editor or Admin',
  scalar.user,
  'everybody is a Viewer',
);

/** Source: Grafana documentation, "Configure authentication": auth proxy, JWT, generic OAuth. */
const auth = section('how people log in besides the admin with the password; one of these', {
  proxy: optional(
    'by the name that a proxy before it tells',
    section('a proxy that knows who it is', {
      header: optional('the header with the name', scalar.header, 'X-WEBAUTH-USER'),
      from: required(
        'from where the header is believed',
        list('networks', scalar.network).min(1, {
          error: 'at least one network: from anywhere else a header would make anybody of everybody',
        }),
      ),
    }),
  ),
  jwt: optional(
    'by a token that something before it adds',
    section('a signed token', {
      header: optional('the header with the token', scalar.header, 'X-JWT-Assertion'),
      jwkSetUrl: required('the URL of the JSON Web Key Set', scalar.url),
      issuer: required('who must have issued it, the claim iss', scalar.user),
      audience: optional('for whom it must be, the claim aud', scalar.user, 'anybody'),
      user: optional('the claim with the name', scalar.user, 'sub'),
      email: optional('the claim with the mail address', scalar.user, 'email'),
      role,
    }),
  ),
  oidc: optional(
    'at an OpenID Connect provider',
    section('an OpenID Connect provider', {
      name: optional('what the button says', scalar.user, 'SSO'),
      client: required('our name there, the client ID', scalar.user),
      clientSecret: required('our secret there', secret),
      authUrl: required('its authorization endpoint', scalar.url),
      tokenUrl: required('its token endpoint', scalar.url),
      apiUrl: required('its userinfo endpoint', scalar.url),
      scopes: optional('what is asked for', list('scopes', scalar.user), 'openid, profile, email'),
      role,
    }),
  ),
});

export const grafana = section('Grafana', {
  url: optional('its base URL, for the links in messages', scalar.url, 'that of access, else no links'),
  storage: storage('grafana'),
  access: optional('in a cluster: how people reach it', access, 'by a port-forward only'),
  auth: optional('in a cluster: how people log in', auth, 'as admin with the password'),
});
