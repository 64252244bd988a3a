import { formatDuration } from '../common/durations.ts';
import type { Stack } from '../stack/types.ts';
import { holdInForce, thresholdInForce } from './context.ts';
import { formatThreshold, renderAlert, whyNot } from './render.ts';
import type { Alert } from './types.ts';

/** One page of Markdown: what it means, what to do, and the alert as it is in force on this stack. */
export function runbookPage(stack: Stack, alert: Alert): string {
  const { labels, expr } = renderAlert(stack, alert);
  const objects = declared(stack, alert.object);
  const reason = whyNot(stack, alert);
  const sections = [
    `# ${alert.name}`,
    reason === undefined ? '' : `> Not in force here: ${reason}.`,
    alert.runbook.means,
    '## What to do',
    alert.runbook.steps.map((step, index) => `${index + 1}. ${step}`).join('\n'),
    '## In force',
    facts(stack, alert, labels['severity'] ?? ''),
    `\`\`\`promql\n${expr}\n\`\`\``,
    ...(objects.length === 0 ? [] : ['## Declared here', objects.map((line) => `- ${line}`).join('\n')]),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function facts(stack: Stack, alert: Alert, severity: string): string {
  const limit = formatThreshold(thresholdInForce(stack, alert));
  const hold = holdInForce(stack, alert);
  return [
    `- Severity: ${severity}`,
    ...(limit === '' ? [] : [`- Limit: ${limit} (\`alerts.${alert.name}.threshold\`)`]),
    `- Holds for: ${hold === 0 ? 'fires at once' : formatDuration(hold)} (\`alerts.${alert.name}.for\`)`,
    `- Look at: dashboard \`${alert.panel.dashboard}\`, panel "${alert.panel.panel}"`,
    `- One alert per: \`${alert.object}\``,
  ].join('\n');
}

/** The things that this alert may be about, with the places where to look at them. */
function declared(stack: Stack, object: string): readonly string[] {
  const { backups, volumes, certificates, applications } = stack;
  if (object === 'backup')
    return backups.map(({ name, directory, pattern }) => `\`${name}\`: \`${directory}/${pattern}\``);
  if (object === 'claim') return volumes.map(({ name, directory }) => `\`${name}\`: \`${directory}\``);
  if (object === 'application')
    return applications.map(
      ({ name, metrics }) =>
        `\`${name}\`: ${metrics === null ? 'not scraped' : `\`${metrics.address}${metrics.path}\``}`,
    );
  if (object !== 'certificate') return [];
  return [
    ...certificates.files.map(({ name, path }) => `\`${name}\`: \`${path}\``),
    ...certificates.endpoints.map(
      ({ name, host, port, serverName }) => `\`${name}\`: \`${host}:${port}\` as ${serverName}`,
    ),
  ];
}
