import { formatDuration } from '../common/durations.ts';
import type { Stack } from '../stack/types.ts';
import { holdInForce, thresholdInForce } from './context.ts';
import { formatThreshold, renderAlert, whyNot } from './render.ts';
import type { Alert } from './types.ts';

/** The runbook of an alert on one stack as a page of Markdown: why it is not in force there, or what it may be about. */
export function runbookPage(stack: Stack, alert: Alert): string {
  const reason = whyNot(stack, alert);
  const objects = declared(stack, alert.object);
  return page([
    `# ${alert.name}`,
    reason === undefined ? '' : `> Not in force here: ${reason}.`,
    runbookText(stack, alert),
    objects.length === 0 ? '' : `## Declared here\n\n${objects.map((line) => `- ${line}`).join('\n')}`,
  ]);
}

/** The same without what is declared: what it means, what to do, and the alert with the values in force. */
export function runbookText(stack: Stack, alert: Alert): string {
  const { means, steps } = alert.runbook;
  return [
    means,
    '## What to do',
    steps.map((step, index) => `${index + 1}. ${step}`).join('\n'),
    '## In force',
    facts(stack, alert),
    `\`\`\`promql\n${renderAlert(stack, alert).expr}\n\`\`\``,
  ].join('\n\n');
}

/** All alerts in one table, each with the link to its page. */
export function runbookIndex(stack: Stack, alerts: readonly Alert[]): string {
  const rows = alerts.map((alert) => {
    return `| [${alert.name}](${alert.name}.md) | ${severityOf(stack, alert)} | ${limitOf(stack, alert)} | ${holdOf(stack, alert)} | ${alert.action} |`;
  });
  return page([
    '# Alerts',
    'Defaults; `alerts.<Name>` in an environment changes `threshold`, `for`, `severity` and `enabled`.',
    ['| alert | severity | limit | holds for | first thing to do |', '|---|---|---|---|---|', ...rows].join('\n'),
  ]);
}

function facts(stack: Stack, alert: Alert): string {
  const limit = limitOf(stack, alert);
  return [
    `- Severity: ${severityOf(stack, alert)} (\`alerts.${alert.name}.severity\`)`,
    ...(limit === '' ? [] : [`- Limit: ${limit} (\`alerts.${alert.name}.threshold\`)`]),
    `- Holds for: ${holdOf(stack, alert)} (\`alerts.${alert.name}.for\`)`,
    `- Look at: dashboard \`${alert.panel.dashboard}\`, panel "${alert.panel.panel}"`,
    `- One alert for each: \`${alert.object}\``,
  ].join('\n');
}

function severityOf(stack: Stack, alert: Alert): string {
  return stack.alerts[alert.name]?.severity ?? alert.severity;
}

function limitOf(stack: Stack, alert: Alert): string {
  return formatThreshold(thresholdInForce(stack, alert));
}

function holdOf(stack: Stack, alert: Alert): string {
  const hold = holdInForce(stack, alert);
  return hold === 0 ? 'fires at once' : formatDuration(hold);
}

/** The things that this alert may be about, with the places where to look at them. */
function declared({ backups, volumes, certificates, applications }: Stack, object: string): readonly string[] {
  const lines: Readonly<Record<string, readonly string[]>> = {
    backup: backups.map(({ name, directory, pattern }) => `\`${name}\`: \`${directory}/${pattern}\``),
    claim: volumes.map(({ name, namespace, directory }) => `\`${name}\`: \`${directory ?? `${namespace}/${name}`}\``),
    cronjob: backups.flatMap(({ name, cronJob, cleanup }) =>
      [cronJob, cleanup].flatMap((one) => (one === null ? [] : `\`${one.namespace}/${one.name}\` of \`${name}\``)),
    ),
    application: applications.map(
      ({ name, metrics }) =>
        `\`${name}\`: ${metrics === null ? 'not scraped' : `\`${metrics.address}${metrics.path}\``}`,
    ),
    certificate: [
      ...certificates.files.map(({ name, path }) => `\`${name}\`: \`${path}\``),
      ...certificates.secrets.map(({ name, namespace, secret }) => `\`${name}\`: Secret \`${namespace}/${secret}\``),
      ...certificates.certManager.map(
        ({ name, namespace, certificate }) => `\`${name}\`: Certificate \`${namespace}/${certificate}\``,
      ),
      ...certificates.endpoints.map(
        ({ name, host, port, serverName }) => `\`${name}\`: \`${host}:${port}\` as \`${serverName}\``,
      ),
    ],
  };
  return lines[object] ?? [];
}

function page(sections: readonly string[]): string {
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}
