import { createLog, readConfig, stopSignal } from '../entry.ts';
import type { InboxConfig } from './config.ts';
import { openInbox } from './inbox.ts';

const stop = stopSignal(process);
const log = createLog();
const inbox = await openInbox(readConfig<InboxConfig>(process.argv.slice(2)), { log, now: Date.now });
log.info(inbox.ports, 'the inbox is open');

const close = async () => {
  await inbox.close();
  log.info('the inbox is closed');
  process.exit(0);
};
if (stop.aborted) await close();
else stop.addEventListener('abort', close, { once: true });
