import type { Socket } from 'node:net';
import { SourceError } from '../../model/failure.ts';

/** Protocols that begin in plain text and go on in TLS when asked to. */
export const starttlsProtocols = ['smtp', 'imap', 'postgres'] as const;
export type StarttlsProtocol = (typeof starttlsProtocols)[number];

interface Conversation {
  /** What is sent, in turn, each after the answer before; the server of the first two speaks first. */
  readonly steps: readonly { readonly say: string | Buffer; readonly until: RegExp }[];
  readonly refusal: RegExp;
}

/** Sources: RFC 3207 (SMTP), RFC 9051 section 6.2.1 (IMAP), PostgreSQL's "Message Formats", SSLRequest. */
const conversations: Readonly<Record<StarttlsProtocol, Conversation>> = {
  smtp: {
    steps: [
      { say: '', until: /^220 [^\n]*\n/m },
      { say: 'EHLO lookout\r\n', until: /^250 [^\n]*\n/m },
      { say: 'STARTTLS\r\n', until: /^220 [^\n]*\n/m },
    ],
    refusal: /^[45]\d\d[ -][^\n]*\n/m,
  },
  imap: {
    steps: [
      { say: '', until: /^\* (OK|PREAUTH)[^\n]*\n/m },
      { say: 'a STARTTLS\r\n', until: /^a OK[^\n]*\n/im },
    ],
    refusal: /^(a (NO|BAD)|\* BYE)[^\n]*\n/im,
  },
  postgres: { steps: [{ say: Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]), until: /^S/ }], refusal: /^[NE]/ },
};

/** Brings a new connection to where the handshake of TLS begins. Throws a SourceError when the server does not want it. */
export async function askForTls(socket: Socket, protocol: StarttlsProtocol): Promise<void> {
  const { steps, refusal } = conversations[protocol];
  for (const { say, until } of steps) {
    if (say.length > 0) socket.write(say);
    await answer(socket, until, refusal);
  }
}

/** Longer than any greeting. */
const longestAnswer = 64 * 1024;

async function answer(socket: Socket, until: RegExp, refusal: RegExp): Promise<void> {
  let heard = '';
  while (!until.test(heard)) {
    const refused = refusal.exec(heard)?.[0] ?? (heard.length > longestAnswer ? 'an endless answer' : undefined);
    if (refused !== undefined) {
      const said = refused.trim().slice(0, 100);
      throw new SourceError('handshake_failed', `the server did not begin TLS when asked to: ${said}`);
    }
    heard += await nextData(socket);
  }
}

async function nextData(socket: Socket): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const data = (bytes: Buffer) => resolve(bytes.toString('latin1'));
  const end = () => reject(new SourceError('connection_reset', 'the server hung up before TLS began'));
  socket.once('data', data).once('end', end).once('error', reject).once('close', end).resume();
  try {
    return await promise;
  } finally {
    socket.off('data', data).off('end', end).off('error', reject).off('close', end).pause();
  }
}
