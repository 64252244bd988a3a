import { parseArgs } from 'node:util';
import { benchApply, benchGreen, benchSecrets } from './cluster.ts';
import { load, machine } from './machine.ts';
import { benchMany } from './many.ts';
import { benchMillion } from './million.ts';
import { writeSection } from './report.ts';
import { isMet } from './result.ts';
import { benchNarrow, benchScrape } from './scrape.ts';
import { benchSmall } from './small.ts';
import { table } from './table.ts';
import { benchWalk } from './walk.ts';

/**
 * `npm run bench [-- --write] [name...]`: every benchmark, or those that are named; `--write` into docs/benchmarks.md. Exit code 1
 * when a target is missed.
 */
const benches = {
  scrape: { title: 'Scrapes', run: benchScrape },
  narrow: { title: 'Scrapes of short series', run: benchNarrow },
  many: { title: 'Very many certificate files and volumes', run: benchMany },
  secrets: { title: 'Very many TLS Secrets', run: benchSecrets },
  apply: { title: 'A plan and an apply of 200 objects', run: benchApply },
  green: { title: 'From an empty namespace to a proven stack', run: benchGreen },
  small: { title: 'A usual environment', run: benchSmall },
  million: { title: 'A very large backup directory', run: benchMillion },
  walk: { title: 'A large volume', run: benchWalk },
};
const { values, positionals } = parseArgs({
  options: { write: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const unknown = positionals.filter((name) => !(name in benches));
if (unknown.length > 0)
  throw new Error(`no benchmark ${unknown.join(', ')}: there are ${Object.keys(benches).join(', ')}`);

for (const [name, { title, run }] of Object.entries(benches)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const where = `${new Date().toISOString().slice(0, 16)}Z, ${machine()}; ${load()}; \`npm run bench -- ${name}\``;
  const results = await run();
  const text = `${where}\n\n${table(results)}`;
  console.log(`\n## ${title}\n\n${text}`);
  if (values.write) writeSection(title, text);
  if (!results.every(isMet)) process.exitCode = 1;
}
