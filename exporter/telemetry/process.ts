import { collectDefaultMetrics, type MetricObjectWithValues, type MetricValue, Registry } from 'prom-client';
import { type Format, headerText, lineText } from '../exposition/text.ts';

/** What the metrics of prom-client hold besides its types: histograms name each line. */
type Value = MetricValue<string> & { readonly metricName?: string };

/** The metrics of this process under the names that prom-client gives them, as text with headers. */
export type ProcessText = (format: Format) => Promise<string>;

/**
 * prom-client's default metrics, written by our own text: its OpenMetrics rendering renames counters for good. Left out are
 * the gauges whose names end like those of counters, which no linter lets pass.
 */
export function processMetrics(): ProcessText {
  const register = new Registry();
  collectDefaultMetrics({ register });
  return async (format) => {
    const metrics = await register.getMetricsAsJSON();
    return metrics
      .filter(({ name, type }) => String(type) !== 'gauge' || !name.endsWith('_total'))
      .map((metric) => metricText(metric, format))
      .join('');
  };
}

function metricText(metric: MetricObjectWithValues<MetricValue<string>>, format: Format): string {
  const { name, help, type } = metric;
  const values: readonly Value[] = metric.values;
  const lines = values.map(({ metricName, labels, value }) =>
    lineText(
      metricName ?? name,
      Object.entries(labels).map(([label, text]) => [label, String(text)]),
      value,
    ),
  );
  return headerText({ name, help, type: String(type) }, format) + lines.join('');
}
