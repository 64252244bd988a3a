import type { ChainStep } from '../../../provision/local/types.ts';

/** The links from the change to the messages; each begins when the one in `after` is done. */
export interface Step {
  readonly step: ChainStep;
  readonly after: ChainStep | null;
  /** Happens only when this one has. */
  readonly onlyWith?: ChainStep;
  readonly title: string;
  /** Where to look when it is stuck. */
  readonly hint: string;
}

/** Alertmanager forgets alerts when it restarts, but not what it has told; that is told again after the repeat interval only. */
const notTold =
  'is the alert silenced or inhibited, or was it told before a restart and not yet resolved? Else see the log of Alertmanager (lookout logs alertmanager)';

export const outward: readonly Step[] = [
  { step: 'changed', after: null, title: 'changed', hint: 'see the log of the supervisor' },
  {
    step: 'seen',
    after: 'changed',
    title: 'measured',
    hint: 'nothing shows it yet: look at the targets of Prometheus and at the log of the exporter (lookout logs exporter)',
  },
  {
    step: 'pending',
    after: 'seen',
    title: 'pending',
    hint: 'the rule does not take it up: look at the target and at the health of the rules in Prometheus',
  },
  {
    step: 'firing',
    after: 'pending',
    title: 'firing',
    hint: 'the condition did not hold long enough: look at the alert and its expression in Prometheus',
  },
  {
    step: 'grouped',
    after: 'firing',
    title: 'grouped',
    hint: 'Alertmanager has not got it: look at the log of Prometheus (lookout logs prometheus)',
  },
  {
    step: 'mail',
    after: 'grouped',
    title: 'mail accepted',
    hint: `no mail came: ${notTold}`,
  },
  {
    step: 'slack',
    after: 'grouped',
    title: 'Slack accepted',
    hint: `no Slack message came: ${notTold}`,
  },
];

export const homeward: readonly Step[] = [
  { step: 'cleared', after: null, title: 'cleared', hint: 'see the log of the supervisor' },
  {
    step: 'recovered',
    after: 'cleared',
    title: 'measured',
    hint: 'it is still measured: look at the log of the part (lookout logs) and at the targets of Prometheus',
  },
  {
    step: 'inactive',
    after: 'recovered',
    title: 'resolved',
    hint: 'the condition still holds: look at the alert and its expression in Prometheus',
  },
  {
    step: 'mail-resolved',
    after: 'inactive',
    onlyWith: 'mail',
    title: 'mail accepted',
    hint: 'Alertmanager sends it with the next flush of its group: see its log (lookout logs alertmanager)',
  },
  {
    step: 'slack-resolved',
    after: 'inactive',
    onlyWith: 'slack',
    title: 'Slack accepted',
    hint: 'Alertmanager sends it with the next flush of its group: see its log (lookout logs alertmanager)',
  },
];
