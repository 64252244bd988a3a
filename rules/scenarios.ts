import type { InputSeries, Labels, Scenario } from './types.ts';

/** Seconds of production between two samples of a scenario. */
export const sampleInterval = 15;

/** One value for two hours. */
export function always(value: number): string {
  return hold(value, 7200);
}

/** One value for so many seconds of production, the end not included: `hold(0, 300) + ' ' + hold(1, 600)` changes at 300. */
export function hold(value: number, seconds: number): string {
  return `${value}x${seconds / sampleInterval - 1}`;
}

/** Several values one after the other. */
export function steps(...parts: readonly (readonly [value: number, seconds: number])[]): string {
  return parts.map(([value, seconds]) => hold(value, seconds)).join(' ');
}

/** A counter that grows by `increment` with each sample, for two hours. */
export function grows(increment: number): string {
  return `0+${increment}x${7200 / sampleInterval}`;
}

/** For an alert on the increase of a counter: a failure within the window fires with the labels `fires`, an older one does not. */
export function counterScenarios(metric: string, labels: Labels, fires: Labels): readonly Scenario[] {
  return [
    {
      title: 'a failure was counted within the window',
      fires: [fires],
      since: 315,
      series: () => [{ metric, labels, values: steps([0, 315], [1, 3600]) }],
    },
    {
      title: 'the last failure is longer ago than the window',
      fires: [],
      at: 900,
      series: () => [{ metric, labels, values: steps([0, 300], [3, 3600]) }],
    },
    { title: 'nothing counts failures', fires: [], absent: true, series: () => [] },
  ];
}

/** For an alert on a share: above the threshold fires with the labels, exactly on it does not. */
export function ratioScenarios(metric: string, labels: Labels, besides: readonly InputSeries[]): readonly Scenario[] {
  return [
    {
      title: 'a little more than the share is in use',
      fires: [labels],
      since: 300,
      series: ({ threshold }) => [{ metric, labels, values: steps([0.1, 300], [threshold + 0.001, 3600]) }, ...besides],
    },
    {
      title: 'exactly the share is in use',
      fires: [],
      series: ({ threshold }) => [{ metric, labels, values: always(threshold) }],
    },
    { title: 'it is not measured', fires: [], absent: true, series: () => [] },
  ];
}
