import { createLog, readConfig, runPart, stopSignal, untilStopped } from '../entry.ts';
import type { ShopConfig } from './config.ts';
import { openShop } from './shop.ts';

const stop = stopSignal(process);
const log = createLog();
process.exit(
  await runPart(log, async () => {
    const config = readConfig<ShopConfig>(process.argv.slice(2));
    const shop = await openShop(config, { log, now: Date.now, random: Math.random });
    log.info(shop.ports(), 'the shop is open');
    await untilStopped(stop);
    await shop.close();
    log.info('the shop is closed');
  }),
);
