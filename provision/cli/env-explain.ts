import type { LoadedStack } from '../../stack/load.ts';
import { type Leaf, leaves } from '../../stack/origins.ts';
import { pathText } from '../../stack/tree.ts';
import type { ExitCode, Input, Shell } from './command.ts';
import { openFrom } from './environment.ts';

/** `lookout env explain`: every value of each stack and where it came from. */
export async function run(input: Input, shell: Shell): Promise<ExitCode> {
  const { stacks } = await openFrom(input, shell);
  if (input.options['json'] === true) {
    const explained = stacks.map(({ stack, origins }) => ({ stack, origins: Object.fromEntries(origins) }));
    shell.print(JSON.stringify({ stacks: explained }, null, 2));
    return 0;
  }
  for (const loaded of stacks) {
    shell.print(
      `${loaded.stack.name}: durations in seconds, those of the machinery divided by the pace; sizes in bytes`,
    );
    for (const line of explain(loaded)) shell.print(line);
    shell.print('');
  }
  return 0;
}

/** Three columns: path, value, origin; an empty line between the sections. */
function explain({ stack, origins }: LoadedStack): readonly string[] {
  const rows = leaves(stack).map(({ path, value }) => ({
    section: path[0],
    path: pathText(path),
    value: show(value),
    origin: origins.get(pathText(path)) ?? '',
  }));
  const widths = [width(rows.map(({ path }) => path)), width(rows.map(({ value }) => value))] as const;
  return rows.flatMap(({ section, path, value, origin }, index) => {
    const line = `${path.padEnd(widths[0])}  ${value.padEnd(widths[1])}  ${origin}`;
    const previous = rows[index - 1];
    const gap = previous === undefined || (previous.section !== section && path !== section);
    return gap ? ['', line] : [line];
  });
}

function show(value: Leaf['value']): string {
  if (value === null) return 'none';
  return Array.isArray(value) ? 'none' : String(value);
}

/** Of the longest text, unless it is so long that it would push everything else off the screen. */
function width(texts: readonly string[]): number {
  return Math.min(48, Math.max(...texts.map((text) => text.length)));
}
