import { once } from 'node:events';
import type { Server } from 'node:http';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A server on one address that can be closed and opened again. Both calls may be repeated; call one at a time. */
export class Listener {
  readonly #server: Server;
  readonly #address: Address;

  constructor(server: Server, address: Address) {
    this.#server = server;
    this.#address = address;
  }

  /** The port that was given by the system when the configured one is 0. */
  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : this.#address.port;
  }

  async open(): Promise<void> {
    if (this.#server.listening) return;
    const { host, port } = this.#address;
    try {
      this.#server.listen(port, host);
      await once(this.#server, 'listening');
    } catch (cause) {
      throw new Error(`could not listen on ${host}:${port}: is another program using it?`, { cause });
    }
  }

  /** Ends open connections too: to a visitor the server is gone. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}
