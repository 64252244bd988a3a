import { artifactStates, backupChecks } from '../../exporter/metrics/backup.ts';
import { certificateSources, chainPositions } from '../../exporter/metrics/certificate.ts';
import { cronJobPurposes } from '../../exporter/metrics/cronjob.ts';
import { type Family, unitOf } from '../../exporter/metrics/family.ts';
import { type Topic, topics } from '../../exporter/metrics/index.ts';
import { collectors, reasons } from '../../exporter/metrics/self.ts';
import { volumeMethods, volumeScopes } from '../../exporter/metrics/volume.ts';

const introduction = `# Metrics of the exporter

Served at \`/prometheus\` behind the bearer token, as text 0.0.4 or OpenMetrics 1.0. What is declared is always there: a source that
cannot be read has \`lookout_source_up\` 0, a reason and its last known timestamps, never an invented value.

A **stable** family keeps its name, type and labels until the next major version; an **experimental** one may change with any. The
target's own labels (\`namespace\`, \`job\`, \`instance\`) come from Prometheus and stand on every series besides those listed here.

Beside these the exporter serves the metrics of its own process under the names of prom-client (\`process_...\`, \`nodejs_...\`).
`;

/** Labels whose values are a closed set, and the families that they stand on. */
const closedLabels: readonly (readonly [label: string, where: string, values: readonly string[]])[] = [
  ['state', 'lookout_backup_artifacts', artifactStates],
  ['check', 'lookout_backup_verified', backupChecks],
  ['purpose', 'lookout_backup_cronjob_info', cronJobPurposes],
  ['method', 'lookout_volume_...', volumeMethods],
  ['scope', 'lookout_volume_...', volumeScopes],
  ['source', 'lookout_certificate_...', certificateSources],
  ['chain_position', 'lookout_certificate_...', chainPositions],
  ['collector', 'lookout_collector_..., lookout_source_...', collectors],
  ['reason', 'lookout_source_errors_total, lookout_volume_unmeasured', reasons],
];

/** docs/metrics.md: every family that the exporter can serve, in the order in which it serves them. */
export function metricsReference(): string {
  return [introduction, ...topics.map(section), closedSets()].join('\n');
}

function section({ title, families }: Topic): string {
  const rows = families.map(familyRow).join('');
  return `## ${title}\n\n${header(['family', 'type', 'unit', 'labels', 'meaning', 'stability'])}${rows}`;
}

function familyRow({ name, type, labels, help, stability }: Family): string {
  return row([code(name), type, unitText(name), labels.map(code).join(', '), help, stability]);
}

function unitText(name: string): string {
  return name.endsWith('_timestamp_seconds') ? 'seconds since 1970' : (unitOf(name) ?? '');
}

function closedSets(): string {
  const rows = closedLabels.map(([label, where, values]) =>
    row([code(label), where.split(', ').map(code).join(', '), values.map(code).join(', ')]),
  );
  return `## Labels with a closed set of values\n\n${header(['label', 'on', 'values'])}${rows.join('')}`;
}

function header(names: readonly string[]): string {
  return row(names) + row(names.map(() => '---'));
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
}

function code(text: string): string {
  return `\`${text}\``;
}
