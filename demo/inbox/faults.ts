import type { MailContent, SlackAttachment, SlackPayload } from './message.ts';
import { plainText } from './text.ts';

/** Gmail shows so many bytes of a mail's HTML and hides the rest behind a link. */
const clipped = 102 * 1024;

/** What is wrong with a mail in the eyes of who gets it; each a sentence. */
export function mailFaults(title: string, { text, html }: MailContent): readonly string[] {
  return [
    ...titleFaults('subject', title),
    ...(/[^\x20-\x7e]/.test(title) ? ['The subject is not plain ASCII: some clients show it encoded.'] : []),
    ...(text === null || text.trim() === '' ? ['There is no text part: a watch or a terminal shows nothing.'] : []),
    ...(text === null ? [] : templateFaults('text', text)),
    ...(html === null ? [] : htmlFaults(html)),
  ];
}

/** The same for a Slack message. */
export function slackFaults({ text = '', attachments = [] }: SlackPayload): readonly string[] {
  const [first] = attachments;
  return [
    ...titleFaults('title', first?.title ?? text),
    ...(text.includes('<!') ? ['It calls everyone in the channel.'] : []),
    ...attachments.flatMap(attachmentFaults),
  ];
}

function attachmentFaults({ text = '', pretext = '', fallback = '', fields, actions }: SlackAttachment): string[] {
  return [
    ...templateFaults('text', text),
    ...(`${pretext}${text}`.includes('<!') ? ['It calls everyone in the channel.'] : []),
    ...(fallback === '' ? ['There is no fallback: a phone has nothing to show.'] : []),
    ...(fields ?? [])
      .filter(({ value = '' }) => value.trim() === '')
      .map(({ title }) => `The field ${title} is empty.`),
    ...(actions ?? [])
      .filter(({ url = '' }) => !isAddress(url))
      .map((action) => `The button ${action.text} leads nowhere.`),
    ...(text.length >= 700 || text.split('\n').length > 5 ? ['Slack folds it: 700 characters or 5 line breaks.'] : []),
  ];
}

function titleFaults(place: string, title: string): string[] {
  if (title.trim() === '') return [`The ${place} is blank.`];
  return [...templateFaults(place, title), ...(/\|\s*(\||$)/.test(title) ? [`The ${place} has an empty part.`] : [])];
}

function htmlFaults(html: string): string[] {
  const bytes = Buffer.byteLength(html);
  return [
    ...templateFaults('HTML', html),
    ...(bytes > clipped ? [`The HTML has ${bytes} bytes: Gmail cuts it off at ${clipped}.`] : []),
    ...(/<td[^>]*>(\s|&nbsp;)*<\/td>/i.test(html) ? ['The HTML has an empty field.'] : []),
    ...links(html)
      .filter(({ url }) => !isAddress(url))
      .map(({ words }) => `The link ${words} leads nowhere.`),
  ];
}

function links(html: string): { readonly url: string; readonly words: string }[] {
  return [...html.matchAll(/<a\b([^>]*)>([\s\S]*?)<\/a>/gi)].map(([, attributes = '', inner = '']) => ({
    url: /href\s*=\s*"([^"]*)"/i.exec(attributes)?.[1] ?? '',
    words: plainText(inner).trim(),
  }));
}

/** What a template leaves behind when a value or a function is missing. */
const traces = [/(<|&lt;)no value(>|&gt;)/, /\{\{/, /ZgotmplZ/, /%!\w?\(/];

function templateFaults(place: string, text: string): string[] {
  const [left] = traces.flatMap((trace) => trace.exec(text)?.[0] ?? []);
  return left === undefined ? [] : [`The ${place} shows a piece of its template: ${left}`];
}

function isAddress(url: string): boolean {
  return /^(https?:\/\/|mailto:)\S/.test(url);
}
