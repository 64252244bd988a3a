/** A series as Prometheus answers: samples as [Unix seconds, value]. */
export interface Answer {
  readonly metric: Readonly<Record<string, string>>;
  readonly samples: readonly (readonly [number, string])[];
}

export interface Span {
  /** Unix seconds. */
  readonly from: number;
  readonly to: number;
  /** Seconds. */
  readonly step: number;
}

/** The questions that Grafana asks of Prometheus' HTTP API (documentation: "HTTP API"). */
export interface PrometheusApi {
  readonly instant: (query: string, at: number) => Promise<readonly Answer[]>;
  readonly range: (query: string, span: Span) => Promise<readonly Answer[]>;
  /** Values of a label among the series that a selector finds. */
  readonly labelValues: (label: string, selector: string, span: Span) => Promise<readonly string[]>;
  /** How many series a selector finds. */
  readonly series: (selector: string, span: Span) => Promise<number>;
}

/** `headers` carry credentials. An error of Prometheus rejects with its own words. */
export function prometheusApi(address: string, headers: Readonly<Record<string, string>> = {}): PrometheusApi {
  const ask = async (path: string, parameters: Readonly<Record<string, string>>): Promise<unknown> => {
    const url = `http://${address}/api/v1/${path}?${new URLSearchParams(parameters)}`;
    const response = await fetch(url, { headers });
    const body = (await response.json()) as { status: string; error?: string; data: unknown };
    if (body.status !== 'success') throw new Error(`Prometheus answers ${parameters['query'] ?? path}: ${body.error}`);
    return body.data;
  };
  const times = ({ from, to }: Span) => ({ start: String(from), end: String(to) });
  return {
    instant: async (query, at) => answers(await ask('query', { query, time: String(at) })),
    range: async (query, span) => answers(await ask('query_range', { query, ...times(span), step: String(span.step) })),
    labelValues: async (label, selector, span) =>
      (await ask(`label/${label}/values`, { 'match[]': selector, ...times(span) })) as string[],
    series: async (selector, span) => ((await ask('series', { 'match[]': selector, ...times(span) })) as []).length,
  };
}

type Sample = [number, string];
type Result =
  | { readonly resultType: 'scalar'; readonly result: Sample }
  | {
      readonly resultType: 'vector' | 'matrix';
      readonly result: readonly { readonly metric: Record<string, string>; value?: Sample; values?: Sample[] }[];
    };

function answers(data: unknown): readonly Answer[] {
  const found = data as Result;
  if (found.resultType === 'scalar') return [{ metric: {}, samples: [found.result] }];
  return found.result.map(({ metric, value, values }) => ({ metric, samples: values ?? (value ? [value] : []) }));
}
