import type { PartClient } from '../types.ts';
import { askPrometheus } from './ask.ts';
import type { TargetView } from './types.ts';

/** Source: Prometheus documentation, "HTTP API", targets. */
interface TargetAnswer {
  readonly activeTargets: readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly scrapeUrl: string;
    readonly health: string;
    readonly lastError: string;
    readonly lastScrape: string;
  }[];
}

/** Every target, those that are down first. */
export async function askTargets(prometheus: PartClient): Promise<readonly TargetView[]> {
  const { activeTargets } = await askPrometheus<TargetAnswer>(prometheus, '/api/v1/targets?state=active');
  return activeTargets
    .map(({ labels, scrapeUrl, health, lastError, lastScrape }) => ({
      job: labels['job'] ?? '',
      address: scrapeUrl,
      up: health === 'up',
      error: lastError === '' ? null : lastError,
      lastScrape: Date.parse(lastScrape),
    }))
    .sort((a, b) => Number(a.up) - Number(b.up) || a.job.localeCompare(b.job));
}
