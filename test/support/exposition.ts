export interface ExpositionSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The samples of a text exposition (format 0.0.4, as the client libraries write it). */
export function parseExposition(text: string): readonly ExpositionSample[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name = '', labels = '', value = ''] = /^([\w:]+)(?:\{(.*)\})? (\S+)/.exec(line) ?? [];
      return { name, labels: labelsOf(labels), value: Number(value.replace('Inf', 'Infinity')) };
    });
}

function labelsOf(text: string): Readonly<Record<string, string>> {
  const pairs = text.matchAll(/(\w+)=("(?:[^"\\]|\\.)*")/g);
  return Object.fromEntries([...pairs].map(([, name, quoted]) => [name, JSON.parse(quoted ?? '""') as string]));
}
