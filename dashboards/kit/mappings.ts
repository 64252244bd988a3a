import { MappingType, type ValueMapping, type ValueMappingResult } from '@grafana/grafana-foundation-sdk/dashboard';
import { colours } from './thresholds.ts';

/** Words for the values of a 0/1 series. */
export function words(zero: ValueMappingResult, one: ValueMappingResult): readonly ValueMapping[] {
  return [{ type: MappingType.ValueToText, options: { '0': { index: 0, ...zero }, '1': { index: 1, ...one } } }];
}

/** 1 is good. */
export function goodOrBad(good: string, bad: string): readonly ValueMapping[] {
  return words({ text: bad, color: colours.bad }, { text: good, color: colours.good });
}

/** A word in place of a count of zero. */
export function wordForZero(text: string): readonly ValueMapping[] {
  return [{ type: MappingType.ValueToText, options: { '0': { index: 0, text, color: colours.good } } }];
}
