import { existsSync, readFileSync } from 'node:fs';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import type { FastifyBaseLogger } from 'fastify';
import { Listener } from '../listener.ts';
import type { ShopConfig } from './config.ts';

/** The two ways into the shop, by HTTP and by TLS: open or closed together, except that TLS waits for its certificate. */
export class Doors {
  readonly #http: Listener;
  readonly #https: Listener;
  readonly #httpsServer: HttpsServer;
  readonly #files: ShopConfig['https'];
  readonly #log: FastifyBaseLogger;
  #settled: Promise<void> = Promise.resolve();

  constructor(handler: RequestListener, config: Pick<ShopConfig, 'listen' | 'https'>, log: FastifyBaseLogger) {
    this.#http = new Listener(createHttpServer(handler), config.listen);
    this.#httpsServer = createHttpsServer(handler);
    this.#https = new Listener(this.#httpsServer, config.https);
    this.#files = config.https;
    this.#log = log;
  }

  get ports(): { readonly http: number; readonly https: number } {
    return { http: this.#http.port, https: this.#https.port };
  }

  /** Opens or closes both, with the certificate as it is now. Calls follow each other in order. */
  settle(open: boolean): Promise<void> {
    const settled = this.#settled.then(() => (open ? this.#open() : this.#close()));
    this.#settled = settled.catch(() => {});
    return settled;
  }

  async #open(): Promise<void> {
    await this.#http.open();
    if (this.#loadCertificate()) await this.#https.open();
  }

  async #close(): Promise<void> {
    await Promise.all([this.#http.close(), this.#https.close()]);
  }

  /** Between two renames certificate and key do not match: the one in use stays until the pair is whole. */
  #loadCertificate(): boolean {
    const { certificate, key } = this.#files;
    if (!existsSync(certificate) || !existsSync(key)) return false;
    try {
      this.#httpsServer.setSecureContext({ cert: readFileSync(certificate), key: readFileSync(key) });
      return true;
    } catch (cause) {
      this.#log.warn({ certificate, error: String(cause) }, 'certificate not taken: it does not fit its key (yet)');
      return this.#httpsServer.listening;
    }
  }
}
