import type { AlertmanagerFeatures, PrometheusFeatures } from './types.ts';

/** The lines of a program that Lookout writes for: from `first` on, below `end`. */
export interface Support {
  readonly program: string;
  readonly first: string;
  readonly end: string;
  readonly newest: string;
}

export const prometheusSupport: Support = { program: 'Prometheus', first: '2.42.0', end: '4.0.0', newest: '3.x' };
export const alertmanagerSupport: Support = { program: 'Alertmanager', first: '0.25.0', end: '0.34.0', newest: '0.33' };

/** The version from which each feature is there. Sources: the changelogs of prometheus/prometheus and prometheus/alertmanager. */
const prometheusSince: Readonly<Record<keyof PrometheusFeatures, string>> = {
  keepFiringFor: '2.42.0',
  scrapeConfigFiles: '2.43.0',
  readyCheck: '2.44.0',
  leftOpenRanges: '3.0.0',
  expandsExternalLabels: '3.0.0',
};
const alertmanagerSince: Readonly<Record<keyof AlertmanagerFeatures, string>> = {
  webhookUrlFile: '0.26.0',
  templateTime: '0.28.0',
  emailThreading: '0.30.0',
};

export function prometheusFeatures(version: string): PrometheusFeatures {
  const has = (feature: keyof PrometheusFeatures): boolean => compare(version, prometheusSince[feature]) >= 0;
  return {
    leftOpenRanges: has('leftOpenRanges'),
    scrapeConfigFiles: has('scrapeConfigFiles'),
    readyCheck: has('readyCheck'),
    keepFiringFor: has('keepFiringFor'),
    expandsExternalLabels: has('expandsExternalLabels'),
  };
}

export function alertmanagerFeatures(version: string): AlertmanagerFeatures {
  const has = (feature: keyof AlertmanagerFeatures): boolean => compare(version, alertmanagerSince[feature]) >= 0;
  return {
    templateTime: has('templateTime'),
    emailThreading: has('emailThreading'),
    webhookUrlFile: has('webhookUrlFile'),
  };
}

/** `2.42` and `v2.42.0` as `2.42.0`; undefined when it is no version. */
export function normalVersion(text: string): string | undefined {
  const match = /^v?(\d{1,4}\.\d{1,4})(\.\d{1,4})?$/.exec(text);
  return match === null ? undefined : `${match[1]}${match[2] ?? '.0'}`;
}

export function isSupported(version: string, { first, end }: Support): boolean {
  return compare(version, first) >= 0 && compare(version, end) < 0;
}

function compare(left: string, right: string): number {
  const [a, b] = [left, right].map((version) => version.split('.').map(Number));
  const difference = [0, 1, 2].map((index) => (a?.[index] ?? 0) - (b?.[index] ?? 0)).find((value) => value !== 0);
  return difference ?? 0;
}
