import type { ServerResponse } from 'node:http';
import type { LocalStatus } from '../status/types.ts';
import { pageTitle, renderSections } from './overview.ts';

/** Milliseconds between two looks at the stack while a page is open. */
const interval = 1000;

/** Keeps open pages current by server-sent events: what has changed, once a second, and nothing while no page is open. */
export class LivePages {
  #gather: () => Promise<LocalStatus>;
  #token: string;
  #pages = new Set<ServerResponse>();
  #sent = new Map<string, string>();
  #timer: NodeJS.Timeout | null = null;
  #looking = false;

  constructor(gather: () => Promise<LocalStatus>, token: string) {
    this.#gather = gather;
    this.#token = token;
  }

  /** Takes over a response; it gets everything once, then what changes. */
  add(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' });
    response.on('close', () => this.#remove(response));
    this.#pages.add(response);
    this.#sent.clear();
    this.#timer ??= setInterval(() => void this.#look(), interval);
    void this.#look();
  }

  close(): void {
    for (const page of this.#pages) page.end();
    this.#pages.clear();
    this.#rest();
  }

  #remove(page: ServerResponse): void {
    this.#pages.delete(page);
    if (this.#pages.size === 0) this.#rest();
  }

  #rest(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  /** One look at a time: a slow part delays the next one. */
  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      const status = await this.#gather();
      const events = this.#changes(status);
      for (const page of this.#pages) page.write(events);
    } finally {
      this.#looking = false;
    }
  }

  #changes(status: LocalStatus): string {
    const changed = renderSections(status, this.#token).filter(({ id, fingerprint }) => {
      const same = this.#sent.get(id) === fingerprint;
      this.#sent.set(id, fingerprint);
      return !same;
    });
    const head = { now: status.now, title: pageTitle(status), mood: status.verdict.mood };
    return [event('head', head), ...changed.map(({ id, markup }) => event('section', { id, markup }))].join('');
  }
}

/** Format: WHATWG HTML, "Server-sent events". JSON has no line breaks. */
function event(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
