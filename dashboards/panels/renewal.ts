import * as units from '@grafana/grafana-foundation-sdk/units';
import { certificateMetrics as metrics } from '../../exporter/metrics/certificate.ts';
import { goodOrBad } from '../kit/mappings.ts';
import { graph, states } from '../kit/panels.ts';
import { over } from '../kit/queries.ts';
import { series } from '../kit/selectors.ts';
import { above, goodFrom } from '../kit/thresholds.ts';
import type { PanelContext } from '../types.ts';

const selected = { certificate: { matches: '$certificate' } };
const each = 'max by (certificate, source, chain_position)';
const renewal = `${each} (${series(metrics.renewal, selected)})`;
const lifetime = `(${each} (${series(metrics.notAfter, selected)}) - ${each} (${series(metrics.notBefore, selected)}))`;

export function renewalOverdue({ limit }: PanelContext) {
  return graph(
    'Renewal overdue',
    'How much later it is than the certificate was to be renewed, as a share of its life; below zero it is not yet time. The line is the limit of the alert.',
    {
      unit: units.PercentUnit,
      noValue: 'nothing is known to renew a certificate',
      steps: above(limit('CertificateRenewalOverdue')),
    },
    over(`(time() - ${renewal}) / ${lifetime}`, '{{certificate}} {{source}}'),
  );
}

const isIssued = ({ stack }: PanelContext) => stack.certificates.certManager.length > 0;
const silent = 'cert-manager says nothing of it';

export function issuing(context: PanelContext) {
  if (!isIssued(context)) return undefined;
  return states(
    'Issuing by cert-manager',
    'Whether cert-manager calls each Certificate ready: its Secret then holds what was asked for.',
    { unit: units.Short, noValue: silent, mappings: goodOrBad('ready', 'not ready'), steps: goodFrom(1) },
    over(`max by (certificate) (${series(metrics.ready, selected)})`, '{{certificate}}'),
  );
}

export function failedIssuances(context: PanelContext) {
  if (!isIssued(context)) return undefined;
  return graph(
    'Failed attempts to issue',
    'Attempts in a row that failed; cert-manager waits longer after each, and one that succeeds ends them.',
    {
      unit: units.Short,
      noValue: silent,
      min: 0,
      decimals: 0,
      steps: above(context.limit('CertificateIssuanceFailing')),
    },
    over(`max by (certificate) (${series(metrics.failedIssuances, selected)})`, '{{certificate}}'),
  );
}
