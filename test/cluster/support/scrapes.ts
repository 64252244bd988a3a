import { renderAlert } from '../../../rules/render.ts';
import { alertTest } from '../../../rules/suites.ts';
import type { Alert, InputSeries } from '../../../rules/types.ts';
import { jobs, type Stack } from '../../../stack/types.ts';
import type { Recording } from '../../dashboards/proof/recording.ts';
import { firedInstead, testRules } from '../../rules/promtool.ts';
import { installed } from '../../support/programs.ts';
import type { Reached } from './exporter.ts';

/** What several exporters said of a stack's namespace at one moment, as a Prometheus that scrapes them has it. */
export interface Scrape {
  /** Unix seconds. */
  readonly at: number;
  readonly samples: readonly { readonly labels: Readonly<Record<string, string>>; readonly value: string }[];
}

export async function scrapeAll(exporters: readonly Reached[], { namespace }: Stack): Promise<Scrape> {
  const at = Math.floor(Date.now() / 1000);
  const all = await Promise.all(exporters.map(({ samples }) => samples()));
  const samples = all.flatMap((found, index) => {
    const target = { namespace, job: jobs.exporter, instance: `exporter-${index}` };
    const ours = found.filter(({ name }) => name.startsWith('lookout_'));
    return [{ name: 'up', labels: {}, value: 1 }, ...ours].map(({ name, labels, value }) => ({
      labels: { __name__: name, ...labels, ...target },
      value: value === Number.POSITIVE_INFINITY ? '+Inf' : String(value),
    }));
  });
  return { at, samples };
}

/** Summaries of those alerts that fire when it stays so for long, by their names, sorted. Their time of day begins in 1970. */
export function firing({ samples }: Scrape, stack: Stack, alerts: readonly Alert[]): readonly string[] {
  const series = samples.map(({ labels: { __name__: metric = '', ...labels }, value }): InputSeries => {
    return { metric, labels, values: `${value}x480` };
  });
  const suites = alerts.map((alert) => {
    const rendered = renderAlert(stack, alert);
    const lasting = { title: alert.name, alert: alert.name, series, at: rendered.for + 60, fires: [] };
    return { rules: [rendered], tests: [alertTest(stack, lasting, [rendered])] };
  });
  const fired = firedInstead(testRules(installed.promtool, stack, suites));
  return fired.map(({ alert, annotations }) => `${alert}: ${annotations['summary']}`).sort();
}

/** The scrapes one after the other, for the proof of a dashboard. */
export function recordingOf(scrapes: readonly Scrape[], step: number): Recording {
  const [from = 0, to = from] = [scrapes.at(0)?.at, scrapes.at(-1)?.at];
  const groups = scrapes.map(({ at, samples }) => ({
    times: [(at - from) * 1000],
    series: samples.map(({ labels, value }) => ({ labels, values: [value] })),
  }));
  return { programs: {}, from, to, step, groups };
}
