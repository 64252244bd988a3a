import type { OutputFile, Stack } from '../stack/types.ts';
import { exporterFile } from './exporter.ts';
import { prometheusFile } from './prometheus.ts';

/** What is scraped and what the exporter reads. */
export function scrapeFiles(stack: Stack): readonly OutputFile[] {
  return [prometheusFile(stack), exporterFile(stack)];
}
