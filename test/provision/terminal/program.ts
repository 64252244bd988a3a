import { LiveBlock } from '../../../provision/cli/live-block.ts';
import { tableOf } from '../../../provision/cluster/wait/table.ts';
import { firstRound, secondRound } from './rounds.ts';

/** Draws two rounds of a wait, a line between them, and then ends or, told to stay, waits to be stopped. */
const block = new LiveBlock(process.stderr);
process.on('exit', () => block.draw([]));
block.draw(tableOf(firstRound, block.width()));
block.above(() => process.stdout.write('  created ConfigMap shop/lookout-prometheus\n'));
block.draw(tableOf(secondRound, block.width()));
if (process.argv[2] === 'stay') {
  process.on('SIGINT', () => process.exit(130));
  setInterval(() => {}, 1000);
}
