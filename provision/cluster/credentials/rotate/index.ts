import { grafanaRotation } from './grafana.ts';
import { alertmanagerRotation, prometheusRotation } from './password.ts';
import { scrapeRotation } from './scrape.ts';
import type { Rotation } from './types.ts';

/** Every credential that can be rotated. */
export const rotations: readonly Rotation[] = [
  grafanaRotation,
  prometheusRotation,
  alertmanagerRotation,
  scrapeRotation,
];
