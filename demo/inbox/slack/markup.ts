/** A piece of Slack's message markup. */
export type Piece =
  | { readonly kind: 'text' | 'bold' | 'italic' | 'strike' | 'code'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly url: string }
  /** `<!channel>`, `<!here>`, `<@U123>`: calls people. */
  | { readonly kind: 'call'; readonly text: string };

const pattern =
  /<([^<>|]+)(?:\|([^<>]*))?>|(?<![\w*])\*([^*\n]+)\*(?![\w*])|(?<!\w)_([^_\n]+)_(?!\w)|(?<!\w)~([^~\n]+)~(?!\w)|`([^`\n]+)`/g;

/**
 * Takes Slack's markup apart. `&amp;`, `&lt;` and `&gt;` are read, and a U+034F (combining grapheme joiner) before a
 * formatting character keeps it from formatting. Source: Slack, "Formatting text for app surfaces".
 */
export function parseMarkup(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    if (text[match.index - 1] === joiner) continue;
    if (match.index > end) pieces.push({ kind: 'text', text: readEntities(text.slice(end, match.index)) });
    pieces.push(piece(match));
    end = match.index + match[0].length;
  }
  if (end < text.length) pieces.push({ kind: 'text', text: readEntities(text.slice(end)) });
  return pieces;
}

/** The words alone, as a notification shows them. */
export function slackPlain(text: string): string {
  return parseMarkup(text)
    .map((part) => part.text)
    .join('');
}

const joiner = '\u034f';

function piece([, target, label, bold, italic, strike, code]: RegExpMatchArray): Piece {
  if (target !== undefined) return reference(target, label);
  if (bold !== undefined) return { kind: 'bold', text: readEntities(bold) };
  if (italic !== undefined) return { kind: 'italic', text: readEntities(italic) };
  if (strike !== undefined) return { kind: 'strike', text: readEntities(strike) };
  return { kind: 'code', text: readEntities(code ?? '') };
}

function reference(target: string, label: string | undefined): Piece {
  if (/^[!@#]/.test(target)) return { kind: 'call', text: `@${label ?? target.slice(1)}` };
  const url = readEntities(target);
  return { kind: 'link', url, text: label === undefined ? url : readEntities(label) };
}

function readEntities(text: string): string {
  return text.replaceAll(joiner, '').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
