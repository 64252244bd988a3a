import { benchMany } from './many.ts';
import { benchScrape } from './scrape.ts';
import { benchSmall } from './small.ts';
import { table } from './table.ts';
import { benchWalk } from './walk.ts';

/** `npm run bench [-- name...]`: every benchmark, or those that are named. */
const benches = { scrape: benchScrape, small: benchSmall, many: benchMany, walk: benchWalk };
const names = process.argv.slice(2);

for (const [name, bench] of Object.entries(benches)) {
  if (names.length > 0 && !names.includes(name)) continue;
  console.log(`\n## ${name}\n`);
  console.log(table(await bench()));
}
