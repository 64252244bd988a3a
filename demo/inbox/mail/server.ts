import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { SMTPServerDataStream, SMTPServerSession } from 'smtp-server';
import { SMTPServer } from 'smtp-server';
import type { Address } from '../../listener.ts';

/** Bytes of the largest mail that is taken. */
const size = 1_048_576;

export interface MailServer {
  /** The port that was given by the system when the configured one is 0. */
  readonly port: number;
  readonly close: () => Promise<void>;
}

/**
 * A mail server that takes everything and sends nothing on: no user, TLS only with a certificate. `deliver` is awaited before the
 * mail is acknowledged; when it fails, the sender is told and keeps the mail.
 */
export async function openMailServer(
  { host, port }: Address,
  deliver: (source: Buffer, recipients: readonly string[]) => Promise<void>,
  tls?: { readonly certificate: string; readonly key: string },
): Promise<MailServer> {
  const server = new SMTPServer({
    banner: 'Lookout inbox',
    size,
    disabledCommands: tls === undefined ? ['AUTH', 'STARTTLS'] : ['AUTH'],
    ...(tls === undefined ? {} : { cert: readFileSync(tls.certificate), key: readFileSync(tls.key) }),
    disableReverseLookup: true,
    onData: (stream, session, done) => {
      receive(stream, session, deliver).then(
        () => done(),
        (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
      );
    },
  });
  server.on('error', () => {});
  server.listen(port, host);
  try {
    await once(server.server, 'listening');
  } catch (cause) {
    throw new Error(`could not listen for mail on ${host}:${port}: is another program using it?`, { cause });
  }
  const address = server.server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function receive(
  stream: SMTPServerDataStream,
  { envelope }: SMTPServerSession,
  deliver: (source: Buffer, recipients: readonly string[]) => Promise<void>,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) if (!stream.sizeExceeded) chunks.push(chunk);
  if (stream.sizeExceeded) throw Object.assign(new Error(`a mail may have ${size} bytes`), { responseCode: 552 });
  await deliver(
    Buffer.concat(chunks),
    envelope.rcptTo.map(({ address }) => address),
  );
}
