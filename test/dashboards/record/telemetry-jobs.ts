import { readFileSync, writeFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import { telemetryJobs } from '../../../stack/types.ts';

/** Leaves the jobs of telemetry in a `prometheus.yml`, and nothing else: no rules, nobody who is told. */
export function onlyJobsOf(path: string): void {
  const { scrape_configs: jobs, global } = parse(readFileSync(path, 'utf8')) as {
    readonly global: object;
    readonly scrape_configs: readonly { readonly job_name: string }[];
  };
  const wanted: readonly string[] = Object.values(telemetryJobs);
  const kept = jobs.filter(({ job_name: job }) => wanted.includes(job));
  writeFileSync(path, stringify({ global, scrape_configs: kept }));
}
