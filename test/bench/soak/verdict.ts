import { machine } from '../machine.ts';
import type { SoakResult } from './soak.ts';

/** What a run has shown, in Markdown. */
export function verdict(result: SoakResult, minutes: number): string {
  const { series, scrapes, failed, down, changed, plain, gzip, resident, together, passed } = result;
  return `${new Date().toISOString().slice(0, 16)}Z, ${machine()}; \`npm run soak -- --minutes ${minutes}\`

The bundled exporter on 2 000 certificate files, 200 volumes and 20 backups of 30 dumps: ${series} series, read each minute. One
scrape a second, plain and gzip in turn: ${scrapes} scrapes, ${failed} failed, ${down} times a source was down in a sample.
${changed} things changed, a hundredth of all each minute: certificates renewed, files and dumps added and deleted.

| | each of ${resident.windows.length} windows | largest difference from the first |
| --- | --- | --- |
| resident, serving process, median (MB) | ${list(resident.windows)} | ${percent(resident.change)} |
| proportional, with children, largest (MB) | ${list(together.windows)} | ${percent(together.change)} |

Slowest scrape of ten seconds: plain ${pair(plain)}, gzip ${pair(gzip)}.

Flat means that the median of no window differs by more than 10% from that of the first; the first twelfth of the time is
warm-up and does not count. Result: ${passed ? 'flat' : 'NOT flat, or something failed'}.`;
}

function list(figures: readonly number[]): string {
  return figures.map((figure) => figure.toFixed(0)).join(' ');
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}

function pair({ median, slowest }: { readonly median: number; readonly slowest: number }): string {
  return `median ${median.toFixed(1)} ms, worst ${slowest.toFixed(1)} ms`;
}
