import * as units from '@grafana/grafana-foundation-sdk/units';
import { certificateMetrics as metrics } from '../exporter/metrics/certificate.ts';
import { selfMetrics } from '../exporter/metrics/self.ts';
import { withoutRenewal } from '../rules/alerts/renewal.ts';
import { watchesCertificates } from '../stack/types.ts';
import { goodOrBad } from './kit/mappings.ts';
import { bars, graph, problems, stat, states } from './kit/panels.ts';
import { now, over } from './kit/queries.ts';
import { series } from './kit/selectors.ts';
import { table } from './kit/table.ts';
import { badFalling, goodFrom } from './kit/thresholds.ts';
import { severalOf } from './kit/variables.ts';
import { failedIssuances, issuing, renewalOverdue } from './panels/renewal.ts';
import type { DashboardSource, PanelContext } from './types.ts';

export const certificates: DashboardSource = {
  uid: 'lookout-certificates',
  title: 'Certificates',
  description: 'How long every certificate stays valid, and whether each endpoint serves the right one.',
  from: 'now-7d',
  variables: () => [certificate.variable()],
  impossible: ({ certificates }) => (watchesCertificates(certificates) ? undefined : 'no certificate is declared'),
  rows: [
    {
      title: 'Is every certificate good?',
      panels: [soonest, expiring, expired, unreadable, chain],
    },
    { title: 'Validity', panels: [daysLeft, remaining, lifetimeUsed, sources] },
    { title: 'Renewal', panels: [renewalOverdue, issuing, failedIssuances], impossible: withoutRenewal },
    {
      title: 'Endpoints',
      panels: [unreachable, untrusted, notReloaded, endpoints],
      impossible: ({ certificates: { endpoints } }) =>
        endpoints.length === 0 ? 'no certificate endpoint is declared' : undefined,
    },
  ],
};

const certificate = severalOf(
  'certificate',
  'Certificate',
  'The certificates that are shown.',
  series(metrics.notAfter),
);
const selected = { certificate: certificate.selected };
const identity = 'certificate, source, chain_position';
const each = `by (${identity})`;
const silent = 'the exporter says nothing of it';

/** Roots are trusted by being installed; their validity is not looked at. */
const ofChain = { ...selected, chain_position: { not: 'root' } };
const notAfter = `min ${each} (${series(metrics.notAfter, ofChain)} > 0)`;
const notBefore = `max ${each} (${series(metrics.notBefore, ofChain)} > 0)`;
const left = `${notAfter} - time()`;
/** An endpoint's authority is a source of its own, named after it. */
const ownSources = { collector: 'certificates', source: { matches: '($certificate)(/.+)?' } };
const readable = `min by (source) (${series(selfMetrics.sourceUp, ownSources)})`;
const handshake = `max by (certificate) (${series(metrics.handshake, selected)})`;
const trusted = `max by (certificate) (${series(metrics.trusted, selected)})`;
const matches = `max by (certificate, stored) (${series(metrics.servedMatchesStored, selected)})`;

const remainingSteps = ({ limit }: PanelContext) =>
  badFalling(limit('CertificateExpired').value, limit('CertificateExpiringSoon').value);

function soonest(context: PanelContext) {
  return stat(
    'Soonest expiry',
    'Time until the first certificate of any chain ends.',
    { unit: units.DurationInDaysHoursMinutesSeconds, noValue: silent, steps: remainingSteps(context), size: [6, 4] },
    now(`min(${left})`, 'left'),
  );
}

function expiring({ limit }: PanelContext) {
  return problems(
    'Expiring soon',
    'Certificates that end within the limit of the alert, expired ones included. The table says which.',
    silent,
    `${left} < bool ${limit('CertificateExpiringSoon').value}`,
    { size: [6, 4] },
  );
}

function expired({ limit }: PanelContext) {
  return problems(
    'Expired',
    'Certificates that have ended: whoever checks them refuses the connection.',
    silent,
    `${left} <= bool ${limit('CertificateExpired').value}`,
    { size: [6, 4] },
  );
}

function unreadable() {
  return problems(
    'Not readable',
    'Files and endpoints from which no certificate could be read; nothing new is known of them until it can.',
    silent,
    `${readable} == bool 0`,
    { size: [6, 4] },
  );
}

function chain(context: PanelContext) {
  const names = 'subject, issuer, dns_names';
  const info = `max by (${identity}, ${names}) (${series(metrics.info, ofChain)})`;
  return table(
    'Every certificate of every chain',
    'The leaf is what names the server; an intermediate that ends earlier ends the chain with it.',
    { noValue: '-', size: [24, 8] },
    {
      labels: {
        certificate: 'Certificate',
        source: 'Source',
        chain_position: 'Position',
        subject: 'Subject',
        issuer: 'Issuer',
        dns_names: 'Names',
      },
      columns: [
        {
          name: 'Left',
          expr: `(${left}) * on (${identity}) group_left (${names}) ${info}`,
          unit: units.DurationInDaysHoursMinutesSeconds,
          steps: remainingSteps(context),
        },
        {
          name: 'Valid until',
          expr: `${notAfter} * 1000 * on (${identity}) group_left (${names}) ${info}`,
          unit: units.DatetimeISO,
        },
      ],
      sortBy: 'Left',
    },
  );
}

function daysLeft(context: PanelContext) {
  return bars(
    'Time left',
    'Remaining validity of each certificate, shortest of its chain.',
    { unit: units.DurationInDaysHoursMinutesSeconds, noValue: silent, min: 0, steps: remainingSteps(context) },
    now(`sort(min by (certificate) (${left}))`, '{{certificate}}'),
  );
}

function remaining(context: PanelContext) {
  return graph(
    'Remaining validity',
    'It falls by a day each day and jumps up when the certificate is renewed; the lines are the limits of the alerts.',
    { unit: units.Seconds, noValue: silent, steps: remainingSteps(context) },
    over(left, '{{certificate}} {{source}} {{chain_position}}'),
  );
}

function lifetimeUsed() {
  return graph(
    'Lifetime used',
    'Share of the whole validity that has passed. Automatic renewal commonly comes at two thirds.',
    { unit: units.PercentUnit, noValue: silent, min: 0, max: 1 },
    over(`(time() - ${notBefore}) / (${notAfter} - ${notBefore})`, '{{certificate}} {{source}} {{chain_position}}'),
  );
}

function sources() {
  return states(
    'Sources',
    'Whether a certificate could be read from wherever it is stored or served.',
    { unit: units.Short, noValue: silent, mappings: goodOrBad('readable', 'unreadable'), steps: goodFrom(1) },
    over(readable, '{{source}}'),
  );
}

function unreachable() {
  return problems(
    'Endpoints unreachable',
    'Endpoints that did not answer with a TLS handshake.',
    silent,
    `${handshake} == bool 0`,
    { size: [4, 8] },
  );
}

function untrusted() {
  return problems(
    'Endpoints not trusted',
    'Endpoints that answer with a chain which is not trusted for their name: browsers and clients refuse it.',
    silent,
    `(${trusted} == bool 0) * ${handshake}`,
    { size: [4, 8] },
  );
}

const isCompared = ({ stack }: PanelContext) => stack.certificates.endpoints.some(({ expects }) => expects !== null);

function notReloaded(context: PanelContext) {
  if (!isCompared(context)) return undefined;
  return problems(
    'Endpoints serving another',
    'Endpoints that do not serve the stored certificate that they are declared to serve: commonly not reloaded after renewal.',
    'no endpoint declares what it serves',
    `${matches} == bool 0`,
    { size: [4, 8] },
  );
}

function endpoints(context: PanelContext) {
  return states(
    'Endpoints',
    'Each endpoint over time: does it answer, is its chain trusted, does it serve the stored certificate.',
    { unit: units.Short, noValue: silent, mappings: goodOrBad('yes', 'no'), steps: goodFrom(1) },
    over(handshake, '{{certificate}} answers'),
    over(trusted, '{{certificate}} is trusted'),
    ...(isCompared(context) ? [over(matches, '{{certificate}} serves {{stored}}')] : []),
  );
}
