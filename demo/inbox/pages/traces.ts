import type { Span } from '../traces/otlp.ts';
import type { TraceSummary } from '../traces/store.ts';
import { type Clock, shortSpan } from './clock.ts';
import { type Html, html } from './html.ts';

export function traceList(traces: readonly TraceSummary[], selected: string | null, clock: Clock): Html {
  const longest = Math.max(1, ...traces.map(({ duration }) => duration));
  const count = traces.length === 1 ? '1 trace' : `${traces.length} traces`;
  return html`<div class="bar"><span>${count}</span><span class="hint">in memory, the latest first</span></div>
<ol class="items">${traces.map((trace) => item(trace, trace.traceId === selected, longest, clock))}</ol>`;
}

function item(trace: TraceSummary, current: boolean, longest: number, clock: Clock): Html {
  const { traceId, service, name, start, duration, spans, failed } = trace;
  return html`<li class="item trace ${failed ? 'critical' : 'plain'}"><a class="entry" href="/traces/${traceId}"${current ? html` aria-current="true"` : null}>
<span class="line"><span class="kind">${service}</span>${failed ? html`<span class="fault">error</span>` : null}${clock.short(start)}</span>
<span class="title">${name}</span>
<span class="line">${meter(duration / longest)}<span class="figure">${shortSpan(duration)}, ${spans === 1 ? '1 span' : `${spans} spans`}</span></span>
</a></li>`;
}

function meter(share: number): Html {
  return html`<svg class="meter" height="4" aria-hidden="true"><rect width="${percent(share)}" height="4" rx="2"></rect></svg>`;
}

/** One trace as a waterfall: every span at its time, below the one that caused it. */
export function traceDetail(spans: readonly Span[], clock: Clock): Html {
  const start = Math.min(...spans.map((span) => span.start));
  const total = Math.max(0.001, Math.max(...spans.map((span) => span.end)) - start);
  const rows = tree(spans);
  const [first] = rows;
  return html`<a class="back" href="/traces">All traces</a>
<article>
<header class="head"><h1>${first?.span.name}</h1>
<p class="meta">${first?.span.service}, ${clock.long(start)}, ${shortSpan(total)}, trace ${first?.span.traceId}</p></header>
<ol class="waterfall">${rows.map((row) => waterfallRow(row, start, total))}</ol>
</article>`;
}

interface Row {
  readonly span: Span;
  readonly depth: number;
}

/** Depth first; a span whose parent has not arrived stands at the top. */
function tree(spans: readonly Span[]): readonly Row[] {
  const known = new Set(spans.map(({ spanId }) => spanId));
  const children = Map.groupBy(spans, ({ parentSpanId }) =>
    parentSpanId !== null && known.has(parentSpanId) ? parentSpanId : '',
  );
  const below = (parent: string, depth: number): Row[] =>
    (children.get(parent) ?? []).flatMap((span) => [{ span, depth }, ...below(span.spanId, depth + 1)]);
  return below('', 0);
}

function waterfallRow({ span, depth }: Row, start: number, total: number): Html {
  const offset = percent((span.start - start) / total);
  const width = percent(Math.max(0.002, (span.end - span.start) / total));
  return html`<li class="depth${Math.min(depth, 8)}${span.failed ? ' failed' : ''}"><details>
<summary><span class="name">${span.name}${span.failed ? html` <span class="fault">error</span>` : null}</span>
<svg class="spanbar" height="10" aria-hidden="true"><rect x="${offset}" width="${width}" height="10" rx="2"></rect></svg>
<span class="figure">${shortSpan(span.end - span.start)}</span></summary>
<dl>${span.message === '' ? null : html`<dt>message</dt><dd>${span.message}</dd>`}${Object.entries(span.attributes).map(([key, value]) => html`<dt>${key}</dt><dd>${value}</dd>`)}</dl>
</details></li>`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)}%`;
}
