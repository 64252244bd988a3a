import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './exporter.ts';

const path = join(root, 'docs/benchmarks.md');

/** What stands above the first section; the sections below are written by the runs. */
const introduction = `# Benchmarks

\`npm run bench -- --write\` measures and writes the sections below, \`npm run bench -- --write scrape small\` only those named,
\`npm run soak -- --write\` the last one. Each figure stands beside a baseline of the same run on the same machine. It is the
median of the repetitions, with the lowest and the highest. Targets are those of DESIGN.md; a missed one says so.

Baselines: prom-client's own \`registry.metrics()\` with the same series; node_exporter of Debian serving the same text through its
textfile collector; \`find -printf\`; \`openssl x509\`, a process for each file; \`du\`; \`kubectl get\`; a Node process that does nothing.

The machine is shared. The load that each section names is that of the minute before it: at more than one per processor the
figures are too high, baselines included; with \`nice\` the benchmark went before the others. "Event loop blocked" is wall time,
and counts moments in which the machine ran others: the same figure of a process that does nothing stands beside it.
`;

/** Puts a section into docs/benchmarks.md, in place of the one with its title. */
export function writeSection(title: string, text: string): void {
  const sections = new Map(existsSync(path) ? parse(readFileSync(path, 'utf8')) : []);
  sections.set(title, text.trim());
  const all = [...sections].map(([name, body]) => `## ${name}\n\n${body}\n`);
  writeFileSync(path, [introduction, ...all].join('\n'));
}

function parse(text: string): readonly (readonly [string, string])[] {
  return text
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const end = section.indexOf('\n');
      return [section.slice(0, end), section.slice(end).trim()];
    });
}
