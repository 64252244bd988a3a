import { parse } from 'yaml';
import type { OutputFile } from '../../stack/types.ts';

/** A scrape job of `prometheus.yml`, as far as jobs for others than our own Services go. */
export interface ScrapeJob {
  readonly job_name: string;
  readonly scheme?: 'http' | 'https';
  readonly metrics_path?: string;
  readonly honor_labels?: boolean;
  readonly scrape_interval: string;
  readonly scrape_timeout: string;
  readonly authorization?: { readonly type: string; readonly credentials_file: string };
  readonly tls_config?: { readonly ca_file: string; readonly server_name: string };
  readonly static_configs?: readonly StaticTargets[];
  readonly metric_relabel_configs?: readonly MetricRelabel[];
}

export interface MetricRelabel {
  readonly source_labels: readonly string[];
  readonly regex: string;
  readonly target_label: string;
}

export interface StaticTargets {
  readonly targets: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
}

/** The scrape jobs of the outputs. An operator's Prometheus has other defaults: each job says its own interval and timeout. */
export function scrapeJobs(files: readonly OutputFile[]): readonly ScrapeJob[] {
  const file = files.find(({ path }) => path === 'prometheus/prometheus.yml');
  if (file === undefined) return [];
  const { global, scrape_configs: jobs } = parse(file.content) as PrometheusFile;
  const { scrape_interval, scrape_timeout } = global;
  return jobs.map((job) => ({ scrape_interval, scrape_timeout, ...job }));
}

interface PrometheusFile {
  readonly global: { readonly scrape_interval: string; readonly scrape_timeout: string };
  readonly scrape_configs: readonly (Partial<ScrapeJob> & { readonly job_name: string })[];
}
