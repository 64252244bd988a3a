import type { FastifyBaseLogger } from 'fastify';
import { capacity, type InboxConfig } from './config.ts';
import { createServer } from './http/server.ts';
import { readMail } from './mail/read.ts';
import { openMailServer } from './mail/server.ts';
import { MessageStore } from './store.ts';
import { TraceStore } from './traces/store.ts';

export interface Inbox {
  /** The ports in use: those that the system gave where the configuration says 0. */
  readonly ports: { readonly smtp: number; readonly http: number };
  readonly close: () => Promise<void>;
}

export interface InboxParts {
  readonly log: FastifyBaseLogger;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Opens the mail server and the HTTP server over the messages of the configured directory. */
export async function openInbox(config: InboxConfig, { log, now }: InboxParts): Promise<Inbox> {
  const messages = new MessageStore({ directory: config.directory, capacity: capacity.messages, now });
  const traces = new TraceStore(capacity.traces);
  const take = async (source: Buffer, recipients: readonly string[]) => {
    messages.add(await readMail(source, recipients));
  };
  const mail = await openMailServer(config.smtp, take, config.smtpTls);
  const server = await createServer({ config, messages, traces, log, now });
  try {
    await server.listen(config.http);
  } catch (cause) {
    await mail.close();
    const { host, port } = config.http;
    throw new Error(`could not listen on ${host}:${port}: is another program using it?`, { cause });
  }
  const address = server.server.address();
  return {
    ports: {
      smtp: mail.port,
      http: typeof address === 'object' && address !== null ? address.port : config.http.port,
    },
    close: async () => {
      await Promise.all([mail.close(), server.close()]);
    },
  };
}
