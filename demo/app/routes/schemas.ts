/** JSON schemas of what visitors send. */
export const id = { type: 'integer', minimum: 1 } as const;

export function object(properties: Readonly<Record<string, object>>): object {
  return { type: 'object', required: Object.keys(properties), properties };
}
