import type { Platform } from '../../platform.ts';
import type { LocalStatus } from '../../status/types.ts';
import type { LivePages } from '../live.ts';

/** What the pages are made from. */
export interface PageContext {
  readonly platform: Platform;
  readonly gather: () => Promise<LocalStatus>;
  readonly live: LivePages;
  readonly token: string;
}
