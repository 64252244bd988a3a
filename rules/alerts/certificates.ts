import { certificateMetrics as metrics } from '../../exporter/metrics/certificate.ts';
import { selfMetrics } from '../../exporter/metrics/self.ts';
import type { Stack } from '../../stack/types.ts';
import { always, grows, steps } from '../scenarios.ts';
import { date, figure, found, latest, reason, span, value } from '../templates.ts';
import type { Alert, Topic } from '../types.ts';

const dashboard = 'lookout-certificates';
const day = 86_400;
const identity = 'certificate, source, chain_position';
const leaf = { certificate: 'shop-web', source: 'file', chain_position: 'leaf' };
const endpoint = { certificate: 'shop-web-endpoint' };
const others = '{{ if ne $labels.chain_position "leaf" }} ({{ $labels.chain_position }}){{ end }}';
const ends = figure(
  latest(metrics.notAfter, 'certificate=$certificate,source=$source,chain_position=$chain_position'),
  date(found),
);

const withoutCertificates = ({ certificates }: Stack) =>
  certificates.files.length + certificates.endpoints.length === 0 ? 'no certificate is declared' : undefined;
const withoutEndpoints = ({ certificates }: Stack) =>
  certificates.endpoints.length === 0 ? 'no certificate endpoint is declared' : undefined;

const renewal = [
  'Look at it: `openssl x509 -in <file> -noout -subject -issuer -enddate`, or as served `openssl s_client -connect <host>:<port> -servername <name> </dev/null | openssl x509 -noout -enddate`.',
  'Find why the renewal did not happen: `kubectl describe certificate <name>` and `kubectl get challenges` with cert-manager, `certbot renew --dry-run` and `systemctl status certbot.timer` on a host.',
  'Renew it, and see that the server has read the new one (CertificateNotReloaded).',
];

const expiring: Alert = {
  name: 'CertificateExpiringSoon',
  severity: 'warning',
  for: 300,
  threshold: { value: 14 * day, unit: 's' },
  expr: ({ recent, threshold }) =>
    `min by (namespace, ${identity}) (${recent(metrics.notAfter, 'chain_position!="root"')} > 0) - time() < ${threshold}`,
  summary: `certificate {{ $labels.certificate }}${others} {{ if lt $value 0.0 }}expired{{ else }}expires in ${span(value)}{{ end }}`,
  detail: `ends ${ends}`,
  value: span(value),
  action: 'Find why it was not renewed and renew it.',
  description: `Certificate {{ $labels.certificate }}${others} ends ${ends}; an automatic renewal would have replaced it by now.`,
  runbook: {
    means: 'The certificate ends soon. When it has, browsers and clients refuse the connection.',
    steps: renewal,
  },
  panel: { dashboard, panel: 'Remaining validity' },
  object: 'certificate',
  impossible: withoutCertificates,
  scenarios: [
    {
      title: 'less than the limit is left',
      fires: [leaf],
      since: 615,
      series: ({ threshold, seconds }) => [
        { metric: metrics.notAfter.name, labels: leaf, values: always(threshold + seconds(600)) },
      ],
    },
    {
      title: 'an intermediate certificate ends',
      fires: [{ ...leaf, chain_position: 'intermediate' }],
      since: 615,
      series: ({ threshold, seconds }) => [
        {
          metric: metrics.notAfter.name,
          labels: { ...leaf, chain_position: 'intermediate' },
          values: always(threshold + seconds(600)),
        },
      ],
    },
    {
      title: 'only an old root in the chain ends, which nobody checks',
      fires: [],
      series: ({ threshold }) => [
        { metric: metrics.notAfter.name, labels: leaf, values: always(threshold + 10 * day) },
        { metric: metrics.notAfter.name, labels: { ...leaf, chain_position: 'root' }, values: always(1) },
      ],
    },
    {
      title: 'exactly the limit is left when the time is up',
      fires: [],
      at: 600 + 300,
      series: ({ threshold, seconds }) => [
        { metric: metrics.notAfter.name, labels: leaf, values: always(threshold + seconds(900)) },
      ],
    },
    {
      title: 'its end is not known',
      fires: [],
      series: () => [{ metric: metrics.notAfter.name, labels: leaf, values: always(0) }],
    },
    { title: 'the exporter says nothing of any certificate', fires: [], absent: true, series: () => [] },
  ],
};

const expired: Alert = {
  name: 'CertificateExpired',
  severity: 'critical',
  for: 60,
  threshold: { value: 0, unit: 's' },
  expr: ({ recent, threshold }) =>
    `min by (namespace, ${identity}) (${recent(metrics.notAfter, 'chain_position!="root"')} > 0) - time() <= ${threshold}`,
  summary: `certificate {{ $labels.certificate }}${others} expired`,
  detail: `ended ${span(value)} ago`,
  value: `${span(value)} ago`,
  limit: '',
  action: 'Renew it now: clients refuse the connection.',
  description: `Certificate {{ $labels.certificate }}${others} ended ${ends}, ${span(value)} ago.`,
  runbook: { means: 'The certificate is no longer valid; clients refuse the connection.', steps: renewal },
  panel: { dashboard, panel: 'Remaining validity' },
  object: 'certificate',
  impossible: withoutCertificates,
  scenarios: [
    {
      title: 'its end has passed',
      fires: [leaf],
      since: 600,
      series: ({ seconds, threshold }) => [
        { metric: metrics.notAfter.name, labels: leaf, values: always(seconds(600) + threshold) },
      ],
    },
    {
      title: 'only an old root in the chain has ended',
      fires: [],
      series: () => [{ metric: metrics.notAfter.name, labels: { ...leaf, chain_position: 'root' }, values: always(1) }],
    },
    {
      title: 'its end is not known',
      fires: [],
      series: () => [{ metric: metrics.notAfter.name, labels: leaf, values: always(0) }],
    },
    { title: 'the exporter says nothing of any certificate', fires: [], absent: true, series: () => [] },
  ],
};

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
  summary: 'endpoint {{ $labels.certificate }} serves an old certificate',
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

const unreadable: Alert = {
  name: 'CertificateUnreadable',
  severity: 'warning',
  for: 300,
  threshold: null,
  expr: ({ recent }) =>
    `label_replace(min by (namespace, collector, source) (${recent(selfMetrics.sourceUp, 'collector="certificates"')}), "certificate", "$1", "source", "(.+)") == 0 unless on (namespace, certificate) ${recent(metrics.handshake)}`,
  summary: 'certificate {{ $labels.certificate }} unreadable',
  detail: figure(
    `topk(1, increase(${selfMetrics.sourceErrors.name}{namespace=$namespace,collector=$collector,source=$source}[5m]) > 0)`,
    reason,
    'its file cannot be read',
  ),
  value: '',
  action: 'Make the file readable to the exporter and see that it holds a certificate.',
  description:
    'The file of certificate {{ $labels.certificate }} cannot be read or holds no certificate; its end is not watched.',
  runbook: {
    means: 'A declared certificate file cannot be read, so its end goes unwatched.',
    steps: [
      '`not_found`: the path, or the mount below it. `permission_denied`: Certbot keeps `live/` and `archive/` for root alone. `bad_pem` and `no_certificate_found`: it may be a private key or a request.',
      'Look at it: `ls -lL <file>`, `openssl x509 -in <file> -noout -subject -enddate`.',
    ],
  },
  panel: { dashboard, panel: 'Sources' },
  object: 'certificate',
  impossible: ({ certificates }) => (certificates.files.length === 0 ? 'no certificate file is declared' : undefined),
  scenarios: [
    {
      title: 'the file is gone',
      fires: [{ collector: 'certificates', source: 'shop-mail', certificate: 'shop-mail' }],
      since: 300,
      series: () => [
        {
          metric: selfMetrics.sourceUp.name,
          labels: { collector: 'certificates', source: 'shop-mail' },
          values: steps([1, 300], [0, 3600]),
        },
        { metric: metrics.handshake.name, labels: endpoint, values: always(1) },
      ],
    },
    {
      title: 'an endpoint cannot be reached, which is another alert',
      fires: [],
      series: () => [
        {
          metric: selfMetrics.sourceUp.name,
          labels: { collector: 'certificates', source: endpoint.certificate },
          values: always(0),
        },
        { metric: metrics.handshake.name, labels: endpoint, values: always(0) },
      ],
    },
    {
      title: 'the file can be read, and a backup cannot',
      fires: [],
      series: () => [
        { metric: selfMetrics.sourceUp.name, labels: { collector: 'certificates', source: 'x' }, values: always(1) },
        { metric: selfMetrics.sourceUp.name, labels: { collector: 'backups', source: 'x' }, values: always(0) },
      ],
    },
    { title: 'the exporter says nothing of its sources', fires: [], absent: true, series: () => [] },
  ],
};

export const certificates: Topic = {
  name: 'certificates',
  alerts: [expiring, expired, unreachable, untrusted, notReloaded, unreadable],
};
