import type { OutputFile, Stack } from '../stack/types.ts';
import { exporterFiles } from './exporter.ts';
import { probeFiles } from './probes.ts';
import { prometheusFile } from './prometheus.ts';
import { telemetryFiles } from './telemetry.ts';

/** What is scraped and what the exporter watches. */
export function scrapeFiles(stack: Stack): readonly OutputFile[] {
  return [prometheusFile(stack), ...exporterFiles(stack), ...telemetryFiles(stack), ...probeFiles(stack)];
}
