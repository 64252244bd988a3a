import { z } from 'zod';
import { environment } from './schema/environment.ts';

type Json = Readonly<Record<string, unknown>>;

/** What editors check an `environment.yaml` with: the text of `environments/schema.json`. */
export function environmentJsonSchema(): string {
  const { $schema, $defs, properties, ...rest } = z.toJSONSchema(environment, { io: 'input' });
  const keys = withVariables(properties) as Json;
  const instance = {
    type: 'object',
    description: 'its name, and every key in which it differs; a list here takes the place of the whole list above',
    properties: { name: { type: 'string', description: 'a name such as staging' }, ...keys },
    required: ['name'],
    additionalProperties: false,
  };
  const schema = {
    $schema,
    title: 'A Lookout environment',
    ...rest,
    properties: {
      ...keys,
      instances: { type: 'array', description: 'several stacks from one file', minItems: 1, items: instance },
    },
    $defs,
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** A number or a boolean may also be a variable, which YAML takes for text. */
function withVariables(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withVariables);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { type, description } = schema as Json;
  if (type === 'number' || type === 'boolean') {
    return { anyOf: [{ type }, { type: 'string', pattern: '\\$\\{\\w+\\}' }], description };
  }
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, withVariables(value)]));
}
