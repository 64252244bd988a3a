import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { ProblemsError } from '../../common/problems.ts';
import { type Given, load } from './load.ts';

const folder = resolve(import.meta.dirname, '../../environments');
const read = (path: string): string => readFileSync(join(folder, path), 'utf8');
const environments: readonly (readonly [text: string, given: Given])[] = [
  [read('local/environment.yaml'), { files: { '.env': read('local/.env') } }],
  [read('april-robots-online/environment.yaml'), { files: { '.env': read('april-robots-online/.env.example') } }],
  [read('co2-calculator/environment.yaml'), { files: { '.env': read('co2-calculator/.env.example') } }],
];

/** Loads, or refuses with problems that a person can use; everything else fails the test. */
function expectStacksOrProblems(text: string, given: Given): void {
  try {
    const stacks = load(text, given).stacks.map(({ stack }) => stack);
    expect(stacks.length).toBeGreaterThan(0);
    expect(JSON.parse(JSON.stringify(stacks))).toEqual(stacks);
  } catch (error) {
    if (!(error instanceof ProblemsError)) throw error;
    expect(error.problems.length).toBeGreaterThan(0);
    for (const { line, message } of error.problems) {
      expect(line === null || (line >= 1 && line <= text.split('\n').length)).toBe(true);
      expect(message).not.toMatch(/undefined|\[object|Invalid input|Unrecognized|NaN|^$/);
    }
  }
}

const fragments = [
  ':',
  ': ',
  '- ',
  '\n',
  '\n  ',
  '\t',
  '{',
  '}',
  '[',
  ']',
  '"',
  "'",
  '#',
  '&a ',
  '*a',
  '!t ',
  '|',
  '>',
  '? ',
  '%',
  '@',
  '---\n',
  `\${`,
  `\${X}`,
  `\${LOOKOUT_STATE}`,
  '~',
  'null',
  '0',
  '-1',
  '1e99',
  '99999999999999999999y',
  '9'.repeat(400),
  'true',
  '\u0000',
  '🙂',
  '\r',
  '\u2028',
  '__proto__: x\n',
  'constructor',
  'instances',
  'platform: kubernetes\n',
  '<<: *a\n',
];

const edit = fc.record({
  at: fc.nat({ max: 4000 }),
  remove: fc.nat({ max: 30 }),
  insert: fc.oneof(fc.constantFrom(...fragments), fc.string({ unit: 'binary', maxLength: 8 })),
});

const junk = fc.oneof(
  fc.constantFrom(...fragments),
  fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<unknown>,
  fc.constantFrom([], {}, [[]], [{}], null, 5, true),
);

describe('an environment that was changed at random', () => {
  test('in its text loads or is refused with problems', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...environments),
        fc.array(edit, { minLength: 1, maxLength: 4 }),
        ([text, given], edits) => {
          const changed = edits.reduce((before, { at, remove, insert }) => {
            const start = at % (before.length + 1);
            return before.slice(0, start) + insert + before.slice(start + remove);
          }, text);
          expectStacksOrProblems(changed, given);
        },
      ),
      { numRuns: 600 },
    );
  });

  test('in its values loads or is refused with problems', () => {
    fc.assert(
      fc.property(fc.constantFrom(...environments), fc.nat(), junk, ([text, given], position, value) => {
        expectStacksOrProblems(stringify(replaced(parse(text), position, value)), given);
      }),
      { numRuns: 600 },
    );
  });

  test('in its variables loads or is refused with problems', () => {
    const yaml = `platform: local\nvolumes: [{ name: a, directory: "\${A}", size: "\${B}" }]\n`;
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (value, file) => {
        expectStacksOrProblems(yaml, { processEnv: { A: value, B: value }, files: { '.env': file } });
      }),
    );
  });
});

/** The document with the node at a position (modulo their number, in order) replaced. */
function replaced(document: unknown, position: number, value: unknown): unknown {
  const target = position % count(document);
  let seen = -1;
  const visit = (node: unknown): unknown => {
    seen += 1;
    if (seen === target) return value;
    if (Array.isArray(node)) return node.map(visit);
    if (typeof node !== 'object' || node === null) return node;
    return Object.fromEntries(Object.entries(node).map(([key, item]) => [key, visit(item)]));
  };
  return visit(document);
}

function count(node: unknown): number {
  const below = typeof node === 'object' && node !== null ? Object.values(node) : [];
  return 1 + below.reduce<number>((sum, item) => sum + count(item), 0);
}
