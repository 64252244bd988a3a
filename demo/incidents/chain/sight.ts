import type { PartClients } from '../../../provision/local/types.ts';
import type { Sight } from '../types.ts';
import { hasResult } from './prometheus.ts';

/** Whether the change is measured now. @throws Error when the part that would tell does not answer. */
export async function isShown(sight: Sight, clients: PartClients): Promise<boolean> {
  if (sight.by === 'prometheus') return hasResult(sight.query, clients.prometheus);
  const response = await clients.exporter('/prometheus');
  if (!response.ok) throw new Error(`the exporter answered with ${response.status}`);
  const values = samples(await response.text(), sight.family, sight.labels);
  if (values.length === 0) throw new Error(`the exporter shows no ${sight.family}`);
  return values.some(sight.shows);
}

/** The values of a family's samples with these labels. Source: Prometheus text format 0.0.4. */
export function samples(text: string, family: string, labels: Readonly<Record<string, string>>): readonly number[] {
  return text.split('\n').flatMap((line) => {
    if (!line.startsWith(`${family}{`)) return [];
    const end = line.lastIndexOf('}');
    const found = Object.fromEntries(
      [...line.slice(family.length, end).matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, name = '', value]) => [
        name,
        value,
      ]),
    );
    const fits = Object.entries(labels).every(([name, value]) => found[name] === value);
    return fits
      ? [
          Number(
            line
              .slice(end + 1)
              .trim()
              .split(' ')[0],
          ),
        ]
      : [];
  });
}
