import { createLog, readConfig, stopSignal } from '../entry.ts';
import type { ShopConfig } from './config.ts';
import { openShop } from './shop.ts';

const stop = stopSignal(process);
const log = createLog();
const shop = await openShop(readConfig<ShopConfig>(process.argv.slice(2)), { log, now: Date.now, random: Math.random });
log.info(shop.ports(), 'the shop is open');

const close = async () => {
  await shop.close();
  log.info('the shop is closed');
  process.exit(0);
};
if (stop.aborted) await close();
else stop.addEventListener('abort', close, { once: true });
