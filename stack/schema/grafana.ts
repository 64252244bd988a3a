import { storage } from './cluster.ts';
import * as scalar from './scalars.ts';
import { optional, required, section } from './structure.ts';

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

export const grafana = section('Grafana', {
  url: optional('its base URL, for the links in messages', scalar.url, 'that of access, else no links'),
  storage: storage('grafana'),
  access: optional('in a cluster: how people reach it', access, 'by a port-forward only'),
});
