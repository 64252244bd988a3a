import { describe, expect, test } from 'vitest';
import { alertmanagerFeatures, normalVersion, prometheusFeatures } from '../../stack/versions.ts';

describe('a version', () => {
  test('has the features of its line', () => {
    expect(prometheusFeatures('2.42.0')).toEqual({
      keepFiringFor: true,
      scrapeConfigFiles: false,
      readyCheck: false,
      leftOpenRanges: false,
      expandsExternalLabels: false,
    });
    expect(prometheusFeatures('2.43.1')).toEqual({
      keepFiringFor: true,
      scrapeConfigFiles: true,
      readyCheck: false,
      leftOpenRanges: false,
      expandsExternalLabels: false,
    });
    expect(prometheusFeatures('2.44.0').readyCheck).toBe(true);
    expect(prometheusFeatures('3.5.3')).toEqual({
      keepFiringFor: true,
      scrapeConfigFiles: true,
      readyCheck: true,
      leftOpenRanges: true,
      expandsExternalLabels: true,
    });
    expect(alertmanagerFeatures('0.25.0')).toEqual({
      templateTime: false,
      emailThreading: false,
      webhookUrlFile: false,
    });
    expect(alertmanagerFeatures('0.26.0')).toEqual({
      templateTime: false,
      emailThreading: false,
      webhookUrlFile: true,
    });
    expect(alertmanagerFeatures('0.28.1')).toEqual({ templateTime: true, emailThreading: false, webhookUrlFile: true });
    expect(alertmanagerFeatures('0.33.1')).toEqual({ templateTime: true, emailThreading: true, webhookUrlFile: true });
  });

  test('is written with or without v and patch', () => {
    expect(['2.42', 'v2.42.0', '3.5.3', '3', 'latest', '3.5.3-rc.0'].map(normalVersion)).toEqual([
      '2.42.0',
      '2.42.0',
      '3.5.3',
      undefined,
      undefined,
      undefined,
    ]);
  });
});
