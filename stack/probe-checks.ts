import { formatDuration, parseDuration } from '../common/durations.ts';
import type { Report } from './checks.ts';
import { defaults } from './defaults.ts';
import { child, itemsAt, type Node, nodeAt, type Path, textAt } from './tree.ts';

/** What contradicts itself in the probes, and whether anybody asks them. */
export function checkProbes(root: Node, report: Report): void {
  const probes = itemsAt(root, ['probes']);
  if (probes.length > 0 && textAt(root, ['components', 'blackbox']) === 'none') {
    report(['components', 'blackbox'], 'nobody asks the probes; remove it, or write {existing: <host:port>}');
  }
  const foreign = nodeAt(root, ['components', 'blackbox'])?.kind === 'map';
  const usual = parseDuration(textAt(root, ['intervals', 'scrape']) ?? '') ?? defaults.intervals.scrape;
  for (const [index, probe] of probes.entries()) {
    const at = (key: string): Path => ['probes', index, key];
    target(probe, at, report);
    own(probe, foreign, at, report);
    times(probe, usual, at, report);
  }
}

type At = (key: string) => Path;

function target(probe: Node, at: At, report: Report): void {
  const [url, tcp] = [child(probe, 'url') !== undefined, child(probe, 'tcp') !== undefined];
  if (!url && !tcp) report(at('url'), 'missing: write the page as url, or the server as tcp: host:port');
  if (url && tcp) report(at('tcp'), 'stands beside url; one of them is enough');
  if (!tcp || url) return;
  for (const key of ['status', 'redirects', 'contains', 'trusted']) {
    if (child(probe, key) !== undefined) report(at(key), 'goes with url only; remove it');
  }
}

/** How a module asks is said where the exporter is configured. */
function own(probe: Node, foreign: boolean, at: At, report: Report): void {
  if (!foreign) {
    const message = 'is for a blackbox exporter that is there already (components.blackbox); remove it';
    if (child(probe, 'module') !== undefined) report(at('module'), message);
    return;
  }
  for (const key of ['status', 'redirects', 'contains', 'trusted']) {
    const message = 'is said in the configuration of the blackbox exporter that is there already; name its module';
    if (child(probe, key) !== undefined) report(at(key), message);
  }
}

/** Prometheus gives up at the end of its interval, and would count a slow answer as a blackbox exporter that is gone. */
function times(probe: Node, usual: number, at: At, report: Report): void {
  const interval = parseDuration(textAt(probe, ['interval']) ?? '') ?? usual;
  const timeout = parseDuration(textAt(probe, ['timeout']) ?? '') ?? defaults.probe.timeout;
  if (timeout < interval) return;
  const key = child(probe, 'timeout') === undefined ? 'interval' : 'timeout';
  report(
    at(key),
    `a timeout of ${formatDuration(timeout)} does not fit into an interval of ${formatDuration(interval)}`,
  );
}
