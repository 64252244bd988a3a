import PostalMime, { type Address } from 'postal-mime';
import { mailFaults } from '../faults.ts';
import { type Arrival, type Header, identity, type MailContent } from '../message.ts';
import { firstLine, plainText } from '../text.ts';

/** A mail as it came over the wire, with the recipients of its envelope. */
export async function readMail(source: Buffer, recipients: readonly string[]): Promise<Arrival> {
  const parsed = await PostalMime.parse(source);
  const headers = parsed.headers.map(({ originalKey: name, value }) => ({ name, value }));
  const content: MailContent = {
    kind: 'mail',
    headers,
    text: parsed.text ?? null,
    html: parsed.html ?? null,
    source: source.toString('utf8'),
  };
  const title = parsed.subject ?? '';
  return {
    kind: 'mail',
    title,
    preview: firstLine(parsed.html === undefined ? (parsed.text ?? '') : plainText(parsed.html)),
    sender: name(parsed.from),
    recipient: recipients.join(', '),
    ...identity(header(headers, 'x-lookout-state'), header(headers, 'x-lookout-labels')),
    faults: mailFaults(title, content),
    content,
  };
}

function header(headers: readonly Header[], wanted: string): string {
  return headers.find(({ name }) => name.toLowerCase() === wanted)?.value.replaceAll(/\s+/g, '') ?? '';
}

function name(address: Address | undefined): string {
  return address?.name || address?.address || '';
}
