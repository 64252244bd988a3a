import { certificateMetrics as metrics } from '../../exporter/metrics/certificate.ts';
import { selfMetrics } from '../../exporter/metrics/self.ts';
import { type Stack, watchesCertificates } from '../../stack/types.ts';
import { always, steps } from '../scenarios.ts';
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
  watchesCertificates(certificates) ? undefined : 'no certificate is declared';

const withoutStoredCertificates = ({ certificates: { files, secrets, discover, certManager } }: Stack) =>
  discover !== null || [files, secrets, certManager].some((declared) => declared.length > 0)
    ? undefined
    : 'no stored certificate is declared';

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
    `min by (namespace, ${identity}) (${recent(metrics.notAfter, 'chain_position!="root"')} > 0) - time() < ${threshold} unless on (namespace, ${identity}) ${recent(metrics.renewal)}`,
  summary: `certificate {{ $labels.certificate }}${others} expiring`,
  detail: `{{ if lt $value 0.0 }}ended{{ else }}in ${span(value)}, ends{{ end }} ${ends}`,
  value: span(value),
  action: 'Find why it was not renewed and renew it.',
  description: `Certificate {{ $labels.certificate }}${others} ends ${ends}; an automatic renewal would have replaced it by now.`,
  runbook: {
    means:
      'The certificate ends soon. When it has, browsers and clients refuse the connection. Certificates of which it is known when they are renewed are told by CertificateRenewalOverdue instead: one of six days always ends soon.',
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
      title: 'something is known to renew it, which another alert watches',
      fires: [{ ...leaf, chain_position: 'intermediate' }],
      series: () => [
        { metric: metrics.notAfter.name, labels: leaf, values: always(2 * day) },
        { metric: metrics.renewal.name, labels: leaf, values: always(day) },
        { metric: metrics.notAfter.name, labels: { ...leaf, chain_position: 'intermediate' }, values: always(2 * day) },
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
    'it cannot be read',
  ),
  value: '',
  action: 'Make it readable to the exporter and see that it holds a certificate.',
  description:
    'What is stored of certificate {{ $labels.certificate }} cannot be read or holds no certificate; its end is not watched.',
  runbook: {
    means:
      'A declared certificate, be it a file, a Secret or a Certificate of cert-manager, cannot be read, so its end goes unwatched.',
    steps: [
      'The page `/explain` of the exporter says why, and names the mount or the right that is missing.',
      '`not_found`: the path, the mount below it, or the name of the object. `broken_symlink`: Certbot keeps in `live/` links to `archive/`, so that all of `/etc/letsencrypt` must be mounted. `permission_denied`: Certbot keeps both for root alone; in a cluster a right is missing. `not_installed`: there is no cert-manager. `bad_pem` and `no_certificate_found`: it may be a private key or a request.',
      'Look at it: `ls -lL <file>`, `openssl x509 -in <file> -noout -subject -enddate`, `kubectl get secret <name>`.',
    ],
  },
  panel: { dashboard, panel: 'Sources' },
  object: 'certificate',
  impossible: withoutStoredCertificates,
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

/** How long certificates are valid still, wherever they are found. */
export const certificates: Topic = { name: 'certificates', alerts: [expiring, expired, unreadable] };
