import type { Answer, PrometheusApi } from '../proof/api.ts';
import type { Group, Recording, Series } from '../proof/recording.ts';

/** The last so many seconds of everything that a Prometheus scraped, and its alerts; what rules recorded is left out. */
export async function collect(
  api: PrometheusApi,
  to: number,
  seconds: number,
  step: number,
  programs: Recording['programs'],
  /** Makes label values the same in every recording. */
  neutral: (value: string) => string,
): Promise<Recording> {
  const from = to - seconds;
  const jobs = await api.labelValues('job', 'up', { from, to, step });
  const selectors = [
    ...jobs.map((job) => `{job=${JSON.stringify(job)},__name__!~"ALERTS.*"}`),
    '{__name__=~"ALERTS|ALERTS_FOR_STATE"}',
  ];
  const groups = new Map<string, { times: readonly number[]; series: Series[] }>();
  for (const selector of selectors) {
    const answers = await api.instant(`${selector}[${seconds}s]`, to);
    for (const answer of answers.filter(({ metric }) => !metric['__name__']?.includes(':'))) {
      const { times, values } = thinned(answer, from, step);
      const key = times.join();
      const group = groups.get(key) ?? { times, series: [] };
      group.series.push({ labels: mapped(answer.metric, neutral), values });
      groups.set(key, group);
    }
  }
  return { programs, from, to, step, groups: [...groups.values()].map(sorted) };
}

function mapped(labels: Series['labels'], change: (value: string) => string): Series['labels'] {
  return Object.fromEntries(Object.entries(labels).map(([label, value]) => [label, change(value)]));
}

/** The first sample in each step, at its own time. */
function thinned({ samples }: Answer, from: number, step: number) {
  const kept = samples.filter(([time], index) => {
    const before = samples[index - 1]?.[0];
    return before === undefined || Math.floor((time - from) / step) !== Math.floor((before - from) / step);
  });
  return {
    times: kept.map(([time]) => Math.round((time - from) * 1000)),
    values: kept.map(([, value]) => value),
  };
}

function sorted({ times, series }: Group): Group {
  const keyed = series.map((one) => [JSON.stringify(one.labels), one] as const);
  return { times, series: keyed.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one) };
}
