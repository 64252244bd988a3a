import { parse } from 'yaml';
import { volumeMetrics } from '../../exporter/metrics/volume.ts';
import type { OutputFile } from '../../stack/types.ts';
import type { Check } from './check.ts';
import { seriesOf } from './series.ts';

interface WrittenAlert {
  readonly alert?: string;
  readonly expr: string;
}

/** Metrics whose series exist only while something is wrong: their absence is what is wanted. */
const onlyInTrouble: readonly string[] = [volumeMetrics.unmeasured.name];

/** An alert without series is silent, not well: what each one reads must be there. */
export const alertsHaveSeries: Check = {
  name: 'alerts-have-series',
  title: 'every series that an alert reads is there',
  asks: ['prometheus'],
  run: async ({ outputs, prometheus }) => {
    const series = seriesOf(prometheus, onlyInTrouble);
    return Promise.all(
      builtAlerts(outputs).map(async ({ alert = '', expr }) => {
        const reason = await series.lacking(expr);
        return { ok: reason === undefined, subject: `alert ${alert}`, evidence: reason ?? 'all its series are there' };
      }),
    );
  },
};

function builtAlerts(outputs: readonly OutputFile[]): readonly WrittenAlert[] {
  return outputs
    .filter(({ path }) => path.startsWith('prometheus/rules/'))
    .flatMap(({ content }) => (parse(content) as { groups: readonly { rules: readonly WrittenAlert[] }[] }).groups)
    .flatMap(({ rules }) => rules.filter(({ alert }) => alert !== undefined));
}
