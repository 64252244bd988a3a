import { certificateMetrics as metrics } from '../../exporter/metrics/certificate.ts';
import type { Stack } from '../../stack/types.ts';
import { always, steps } from '../scenarios.ts';
import { count, date, figure, found, latest, moment, percent, value } from '../templates.ts';
import type { Alert, AlertContext, InputSeries, Labels, Topic } from '../types.ts';

const dashboard = 'lookout-certificates';
const day = 86_400;
const identity = ['certificate', 'source', 'chain_position'] as const;
const leaf = { certificate: 'shop-web', source: 'cert-manager', chain_position: 'leaf' };
const managed = { certificate: 'shop-web' };
const sameCertificate = identity.map((label) => `${label}=$${label}`).join(',');
const due = figure(latest(metrics.renewal, sameCertificate), date(found));
const ends = figure(latest(metrics.notAfter, sameCertificate), date(found));

/** Why nothing is known to renew a certificate; undefined when something may be. */
export const withoutRenewal = ({ certificates: { files, secrets, discover, certManager } }: Stack) =>
  discover !== null || [...secrets, ...certManager].length > 0 || files.some(({ path }) => certbot.test(path))
    ? undefined
    : 'no certificate is declared of which it is known that something renews it';
/** Where Certbot keeps its links. */
const certbot = /\/live\/[^/]+\/[^/]+$/;

const withoutCertManager = ({ certificates }: Stack) =>
  certificates.certManager.length === 0 ? 'no Certificate of cert-manager is declared' : undefined;

const overdue: Alert = {
  name: 'CertificateRenewalOverdue',
  severity: 'warning',
  for: 300,
  threshold: { value: 0.1, unit: 'percentunit' },
  expr: ({ recent, threshold }) => {
    const of = (metric: { readonly name: string }) => `max by (namespace, ${identity.join(', ')}) (${recent(metric)})`;
    return `(time() - ${of(metrics.renewal)}) / (${of(metrics.notAfter)} - ${of(metrics.notBefore)}) > ${threshold}`;
  },
  summary: 'certificate {{ $labels.certificate }} not renewed in time',
  detail: `due ${due}, ends ${ends}`,
  value: `${percent(value)} of its life too late`,
  action: 'Find why its automatic renewal fails.',
  description: `Certificate {{ $labels.certificate }} was to be renewed on ${due} and was not. It ends ${ends}.`,
  runbook: {
    means:
      "What renews this certificate by itself should have done so: long before it ends, and by its own clock, be it a matter of days or of hours. It concerns certificates of which it is known that something renews them: Certificates of cert-manager (at their `renewalTime`), TLS Secrets that cert-manager writes, and the links in Certbot's `live/` (with a third of the lifetime left, a half of less than ten days). A certificate that somebody renews by hand, such as a long-lived one of a CDN, is never meant; CertificateExpiringSoon tells of it.",
    steps: [
      'cert-manager: `kubectl describe certificate <name>`, then `kubectl get certificaterequests,orders,challenges`; Certbot: `certbot renew --dry-run`, `systemctl status certbot.timer`.',
      'Look at what renewal needs from outside: the challenge must be reachable on port 80 or in DNS, the account not over its limits.',
      'Renew it: `cmctl renew <name>`, `certbot renew`.',
      'A TLS Secret whose Certificate renews later than with a third left (`renewBefore`) is told too early: declare the Certificate itself, whose time is then known.',
    ],
  },
  panel: { dashboard, panel: 'Renewal overdue' },
  object: 'certificate',
  impossible: withoutRenewal,
  scenarios: [
    {
      title: 'a certificate of 90 days is too late by a little more than the share',
      fires: [leaf],
      since: 615,
      series: (context) => lifeOf(context, leaf, 90 * day),
    },
    {
      title: 'a certificate of six days is too late by a little more than the share',
      fires: [{ ...leaf, source: 'file' }],
      since: 615,
      series: (context) => lifeOf(context, { ...leaf, source: 'file' }, 6 * day),
    },
    {
      title: 'it is too late by exactly the share when the time is up',
      fires: [],
      at: 600 + 300,
      series: (context) => lifeOf(context, leaf, 90 * day, 900),
    },
    {
      title: 'nothing is known to renew it, and it ends tomorrow',
      fires: [],
      series: () => [single(metrics.notAfter.name, leaf, always(day)), single(metrics.notBefore.name, leaf, always(1))],
    },
    {
      title: 'its times are not known',
      fires: [],
      series: () => [metrics.notAfter, metrics.notBefore].map(({ name }) => single(name, leaf, always(0))),
    },
    { title: 'the exporter says nothing of any certificate', fires: [], absent: true, series: () => [] },
  ],
};

/** A certificate of such a lifetime, whose renewal becomes overdue after so many seconds of production. */
function lifeOf(
  { threshold, seconds }: AlertContext,
  labels: Labels,
  lifetime: number,
  after = 600,
): readonly InputSeries[] {
  const renewal = seconds(after) - threshold * lifetime;
  return [
    single(metrics.renewal.name, labels, always(renewal)),
    single(metrics.notBefore.name, labels, always(renewal - (2 / 3) * lifetime)),
    single(metrics.notAfter.name, labels, always(renewal + lifetime / 3)),
  ];
}

function single(metric: string, labels: Labels, values: string): InputSeries {
  return { metric, labels, values };
}

const issuance = {
  severity: 'warning',
  panel: { dashboard, panel: 'Issuing by cert-manager' },
  object: 'certificate',
  impossible: withoutCertManager,
} as const;

const whatToDo = [
  'See what it waits for: `kubectl describe certificate <name>`, then `kubectl get certificaterequests,orders,challenges` and the last message of each.',
  'Commonly: the name does not lead to this cluster, port 80 or the DNS account is closed to the challenge, the issuer is not ready (`kubectl describe clusterissuer <name>`), or the limits of the authority are reached.',
  'Then have it tried again at once: `cmctl renew <name>`.',
];

const failing: Alert = {
  ...issuance,
  name: 'CertificateIssuanceFailing',
  panel: { dashboard, panel: 'Failed attempts to issue' },
  for: 300,
  threshold: { value: 1, unit: 'short' },
  expr: ({ recent, threshold }) =>
    `max by (namespace, certificate) (${recent(metrics.failedIssuances)}) > ${threshold}`,
  summary: 'certificate {{ $labels.certificate }} not issued again and again',
  detail: `${count(value)} attempts failed${figure(`${latest(metrics.lastFailedIssuance, 'certificate=$certificate')} > 0`, `, last ${moment(found)}`)}`,
  value: `${count(value)} attempts in a row`,
  action: 'Read what cert-manager says of the last attempt.',
  description: `To have certificate {{ $labels.certificate }} issued cert-manager has tried ${count(value)} times in a row, and failed. It waits twice as long before each next attempt.`,
  runbook: {
    means:
      'One attempt that fails is nothing: cert-manager tries again after an hour. Several in a row have a cause that does not go away by itself, and each makes the next wait longer, up to 32 hours.',
    steps: whatToDo,
  },
  scenarios: [
    {
      title: 'the next attempt has failed too',
      fires: [managed],
      since: 300,
      series: ({ threshold }) => [
        single(metrics.failedIssuances.name, managed, steps([threshold, 300], [threshold + 1, 3600])),
        single(metrics.lastFailedIssuance.name, managed, always(60)),
      ],
    },
    {
      title: 'one attempt has failed',
      fires: [],
      series: ({ threshold }) => [single(metrics.failedIssuances.name, managed, always(threshold))],
    },
    { title: 'cert-manager says nothing of it', fires: [], absent: true, series: () => [] },
  ],
};

const notReady: Alert = {
  ...issuance,
  name: 'CertificateNotReady',
  for: 1800,
  threshold: null,
  expr: ({ recent }) => `max by (namespace, certificate) (${recent(metrics.ready)}) == 0`,
  summary: 'certificate {{ $labels.certificate }} not ready',
  detail: 'cert-manager has not issued it',
  value: '',
  action: 'Read what cert-manager waits for.',
  description:
    'Certificate {{ $labels.certificate }} is not ready, says cert-manager: its Secret holds none, or one that has ended or does not match what was asked for.',
  runbook: {
    means:
      'A Certificate is not ready until its Secret holds what was asked for. What serves this Secret has no certificate, or an old one.',
    steps: whatToDo,
  },
  scenarios: [
    {
      title: 'it is not issued',
      fires: [managed],
      since: 300,
      series: () => [single(metrics.ready.name, managed, steps([1, 300], [0, 3600]))],
    },
    { title: 'it is ready', fires: [], series: () => [single(metrics.ready.name, managed, always(1))] },
    { title: 'the API cannot be asked', fires: [], absent: true, series: () => [] },
  ],
};

/** What renews certificates by itself, and what keeps it from doing so. */
export const renewal: Topic = { name: 'renewal', alerts: [overdue, failing, notReady] };
