import { z } from 'zod';

/** Why a text was refused, where more can be said than what is expected. `quiet`: the text itself must not be shown. */
interface Complaint {
  readonly complaint: string;
  readonly quiet?: boolean;
}

type JsonType = { readonly type: 'string' | 'number' | 'boolean' | ['string', 'number'] };

/**
 * A scalar: `read` gives its value, undefined when the text is not what is expected, or a complaint. Everything that a
 * schema gets is text (see `tree.ts`); `json` is the type that an editor is told.
 */
export function scalar<T>(expected: string, read: (text: string) => T | Complaint | undefined, json: JsonType) {
  return z
    .string({ error: expected })
    .transform((text, context): T => {
      const found = text === '' ? undefined : read(text);
      const complaint: Complaint | undefined = isComplaint(found) ? found : undefined;
      if (found !== undefined && complaint === undefined) return found as T;
      context.issues.push({
        code: 'custom',
        input: text,
        message: complaint?.complaint ?? expected,
        params: { ...complaint, expected },
      });
      return z.NEVER;
    })
    .meta({ ...json, description: expected });
}

function isComplaint(value: unknown): value is Complaint {
  return typeof value === 'object' && value !== null && 'complaint' in value;
}

export const asText: JsonType = { type: 'string' };
/** What YAML may take for a number, such as 3.5 or 90. */
export const asTextOrNumber: JsonType = { type: ['string', 'number'] };

export function text(expected: string, pattern = /\S/) {
  return scalar(expected, (found) => (pattern.test(found) ? found : undefined), asText);
}

export function choice<const T extends string>(values: readonly T[]) {
  const expected = values.length === 1 ? `${values[0]}` : `one of ${values.join(', ')}`;
  return z.enum(values, { error: expected }).meta({ description: expected });
}

export function number(expected: string, fits: (value: number) => boolean) {
  const read = (found: string): number | undefined => {
    const value = /^-?\d+(?:\.\d+)?$/.test(found) ? Number(found) : Number.NaN;
    return Number.isFinite(value) && fits(value) ? value : undefined;
  };
  return scalar(expected, read, { type: 'number' });
}

export const boolean = scalar(
  'true or false',
  (found) => (found === 'true' ? true : found === 'false' ? false : undefined),
  { type: 'boolean' },
);
