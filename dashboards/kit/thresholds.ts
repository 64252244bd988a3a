import {
  type Threshold as Step,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Threshold as AlertThreshold } from '../../rules/types.ts';

/** Colours of values, lowest first; the first step has no lower end. */
export type Steps = readonly Step[];

/** Colour by meaning; text beside it always says the same. */
export const colours = { good: 'green', warning: 'orange', bad: 'red', neutral: 'blue' } as const;

/** No value is better than another. */
export const neutral: Steps = [{ value: null, color: colours.neutral }];

/** Good below the limit, bad from it on. */
export function badFrom(limit: number): Steps {
  return [
    { value: null, color: colours.good },
    { value: limit, color: colours.bad },
  ];
}

/** Bad below the limit, good from it on. */
export function goodFrom(limit: number): Steps {
  return [
    { value: null, color: colours.bad },
    { value: limit, color: colours.good },
  ];
}

/** For figures that are better low: a warning from the first limit on, bad from the second. */
export function badRising(warning: number, bad: number): Steps {
  return [
    { value: null, color: colours.good },
    { value: warning, color: colours.warning },
    { value: bad, color: colours.bad },
  ];
}

/** For figures that are better high: bad below the first limit, a warning below the second. */
export function badFalling(bad: number, warning: number): Steps {
  return [
    { value: null, color: colours.bad },
    { value: bad, color: colours.warning },
    { value: warning, color: colours.good },
  ];
}

/** For counts: none is good, any is bad. */
export const noneAllowed: Steps = badFrom(1);

/**
 * For an alert that fires above its threshold: bad from the first value on that fires. Of whole numbers (unit `short`) that
 * is the next one.
 */
export function above({ value, unit }: AlertThreshold): Steps {
  return badFrom(unit === 'short' ? value + 1 : value);
}

export type ThresholdsBuilder = Pick<ThresholdsConfigBuilder, 'build'>;

export function thresholds(steps: Steps): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([...steps]);
}
