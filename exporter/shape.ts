/** What a JSON value must be: a word, an array of one shape, an object, or null or missing or one of these. */
export type Shape = 'string' | 'number' | readonly [Shape] | OrNull | Optional | ObjectShape;
interface ObjectShape {
  readonly [key: string]: Shape;
}
class OrNull {
  readonly shape: Shape;
  constructor(shape: Shape) {
    this.shape = shape;
  }
}

class Optional {
  readonly shape: Shape;
  constructor(shape: Shape) {
    this.shape = shape;
  }
}

export function orNull(shape: Shape): Shape {
  return new OrNull(shape);
}

export function optional(shape: Shape): Shape {
  return new Optional(shape);
}

export interface Mismatch {
  /** e.g. `volumes[0].directory`; empty for the whole. */
  readonly path: string;
  readonly message: string;
}

/** Everything in which a value differs from a shape. Keys that the shape does not know are let pass. */
export function mismatches(value: unknown, shape: Shape, path = ''): readonly Mismatch[] {
  if (shape instanceof OrNull) return value === null ? [] : mismatches(value, shape.shape, path);
  if (shape instanceof Optional) return value === undefined ? [] : mismatches(value, shape.shape, path);
  if (typeof shape === 'string') return expect(typeof value === shape, value, `a ${shape}`, path);
  if (isList(shape)) {
    if (!Array.isArray(value)) return expect(false, value, 'a list', path);
    return value.flatMap((element, index) => mismatches(element, shape[0], `${path}[${index}]`));
  }
  if (!isRecord(value)) return expect(false, value, 'an object', path);
  return Object.entries(shape).flatMap(([key, inner]) =>
    mismatches(value[key], inner, path === '' ? key : `${path}.${key}`),
  );
}

function expect(holds: boolean, value: unknown, wanted: string, path: string): readonly Mismatch[] {
  const found = value === undefined ? 'it is missing' : `found ${JSON.stringify(value).slice(0, 60)}`;
  return holds ? [] : [{ path, message: `must be ${wanted}: ${found}` }];
}

function isList(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
