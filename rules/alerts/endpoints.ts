import { certificateMetrics as metrics } from '../../exporter/metrics/certificate.ts';
import { selfMetrics } from '../../exporter/metrics/self.ts';
import type { Stack } from '../../stack/types.ts';
import { always, grows, steps } from '../scenarios.ts';
import { figure, reason } from '../templates.ts';
import type { Alert, Topic } from '../types.ts';

const dashboard = 'lookout-certificates';
const endpoint = { certificate: 'shop-web-endpoint' };

const withoutEndpoints = ({ certificates }: Stack) =>
  certificates.endpoints.length === 0 ? 'no certificate endpoint is declared' : undefined;

const unreachable: Alert = {
  name: 'CertificateEndpointUnreachable',
  severity: 'critical',
  for: 300,
  threshold: null,
  expr: ({ recent }) => `max by (namespace, certificate) (${recent(metrics.handshake)}) == 0`,
  summary: 'endpoint {{ $labels.certificate }} unreachable',
  detail: figure(
    `topk(1, increase(${selfMetrics.sourceErrors.name}{namespace=$namespace,collector="certificates",source=$certificate}[5m]) > 0)`,
    reason,
    'no TLS handshake',
  ),
  value: '',
  action: 'Look whether the server runs and answers on this address.',
  description: 'Endpoint {{ $labels.certificate }} does not answer with a TLS handshake.',
  runbook: {
    means: 'The declared endpoint cannot be reached, or what answers there does not speak TLS.',
    steps: [
      'Try it from the machine of the exporter: `openssl s_client -connect <host>:<port> -servername <name> </dev/null`.',
      '`name_not_resolved`: DNS; `connection_refused`: the server is down; `timeout`: a firewall or network policy drops the packets; `handshake_failed`: it speaks another protocol or refuses the name.',
    ],
  },
  panel: { dashboard, panel: 'Endpoints' },
  object: 'certificate',
  impossible: withoutEndpoints,
  scenarios: [
    {
      title: 'the server does not answer',
      fires: [endpoint],
      since: 300,
      series: () => [
        { metric: metrics.handshake.name, labels: endpoint, values: steps([1, 300], [0, 3600]) },
        {
          metric: selfMetrics.sourceErrors.name,
          labels: { collector: 'certificates', source: endpoint.certificate, reason: 'connection_refused' },
          values: grows(1),
        },
      ],
    },
    {
      title: 'the server answers',
      fires: [],
      series: () => [{ metric: metrics.handshake.name, labels: endpoint, values: always(1) }],
    },
    { title: 'no endpoint was tried yet', fires: [], absent: true, series: () => [] },
  ],
};

const untrusted: Alert = {
  name: 'CertificateUntrusted',
  severity: 'critical',
  for: 300,
  threshold: null,
  expr: ({ recent }) =>
    `max by (namespace, certificate) (${recent(metrics.trusted)}) == 0 and on (namespace, certificate) ${recent(metrics.handshake)} == 1`,
  summary: 'endpoint {{ $labels.certificate }} not trusted',
  detail: 'chain or name does not verify',
  value: '',
  action: 'Look which certificate is served and whether its chain is complete.',
  description:
    'Endpoint {{ $labels.certificate }} serves a chain that clients do not trust for its name: an intermediate is missing, the name is not in it, or the authority is unknown.',
  runbook: {
    means: 'The handshake succeeds, but the served chain does not verify for the server name.',
    steps: [
      'See what is served: `openssl s_client -connect <host>:<port> -servername <name> -verify_return_error -showcerts </dev/null`.',
      'A missing intermediate: let the server send the full chain (`fullchain.pem`). Another name: the server has no certificate for this name and sends its default one.',
      'An authority of your own: name its certificate as `authority` of the endpoint in the environment.',
    ],
  },
  panel: { dashboard, panel: 'Endpoints' },
  object: 'certificate',
  impossible: withoutEndpoints,
  scenarios: [
    {
      title: 'the served chain does not verify',
      fires: [endpoint],
      since: 300,
      series: () => [
        { metric: metrics.trusted.name, labels: endpoint, values: steps([1, 300], [0, 3600]) },
        { metric: metrics.handshake.name, labels: endpoint, values: always(1) },
      ],
    },
    {
      title: 'the server does not answer at all, which is another alert',
      fires: [],
      series: () => [
        { metric: metrics.trusted.name, labels: endpoint, values: always(0) },
        { metric: metrics.handshake.name, labels: endpoint, values: always(0) },
      ],
    },
    {
      title: 'the served chain verifies',
      fires: [],
      series: () => [
        { metric: metrics.trusted.name, labels: endpoint, values: always(1) },
        { metric: metrics.handshake.name, labels: endpoint, values: always(1) },
      ],
    },
    { title: 'no endpoint was tried yet', fires: [], absent: true, series: () => [] },
  ],
};

const notReloaded: Alert = {
  name: 'CertificateNotReloaded',
  severity: 'warning',
  for: 900,
  threshold: null,
  expr: ({ recent }) => `max by (namespace, certificate, stored) (${recent(metrics.servedMatchesStored)}) == 0`,
  summary: 'endpoint {{ $labels.certificate }} serving an old certificate',
  detail: 'not the stored {{ $labels.stored }}',
  value: '',
  action: 'Reload the server, so that it serves the stored certificate.',
  description:
    'Endpoint {{ $labels.certificate }} serves another certificate than {{ $labels.stored }}, which it is declared to serve: it was renewed but not reloaded, or another one was deployed.',
  runbook: {
    means:
      'The stored certificate was renewed, and the server still serves the one that it read before. It goes unnoticed until the old one ends.',
    steps: [
      'Compare both: `openssl x509 -in <file> -noout -serial -enddate` and `openssl s_client -connect <host>:<port> -servername <name> </dev/null | openssl x509 -noout -serial -enddate`.',
      'Reload: `systemctl reload apache2`, `nginx -s reload`, `kubectl rollout restart <workload>`. A Secret mounted by subPath is never updated in the pod.',
      'A proxy or CDN in front serves its own certificate by design: then remove `expects` from the endpoint.',
    ],
  },
  panel: { dashboard, panel: 'Endpoints' },
  object: 'certificate',
  impossible: ({ certificates }) =>
    certificates.endpoints.some(({ expects }) => expects !== null)
      ? undefined
      : 'no endpoint declares which stored certificate it serves (expects)',
  scenarios: [
    {
      title: 'the stored certificate was renewed and the server not reloaded',
      fires: [{ ...endpoint, stored: 'shop-web' }],
      since: 300,
      series: () => [
        {
          metric: metrics.servedMatchesStored.name,
          labels: { ...endpoint, stored: 'shop-web' },
          values: steps([1, 300], [0, 3600]),
        },
      ],
    },
    {
      title: 'the server serves what is stored',
      fires: [],
      series: () => [
        { metric: metrics.servedMatchesStored.name, labels: { ...endpoint, stored: 'shop-web' }, values: always(1) },
      ],
    },
    { title: 'nothing could be compared', fires: [], absent: true, series: () => [] },
  ],
};

/** What is served, as against what is stored. */
export const endpoints: Topic = { name: 'endpoints', alerts: [unreachable, untrusted, notReloaded] };
