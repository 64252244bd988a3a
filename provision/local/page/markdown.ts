import { type Html, html } from './html.ts';

/** A runbook's Markdown as markup: headings, paragraphs, quotes, lists, fenced and inline code. Nothing in it is taken as HTML. */
export function renderMarkdown(text: string): Html {
  return html`${blocks(text).map(renderBlock)}`;
}

/** Paragraphs, with fenced code kept whole. */
function blocks(text: string): readonly string[] {
  return text
    .split(/(^```[\s\S]*?^```$)/m)
    .flatMap((piece) => (piece.startsWith('```') ? [piece] : piece.split(/\n{2,}/)))
    .map((block) => block.trim())
    .filter((block) => block !== '');
}

function renderBlock(block: string): Html {
  const lines = block.split('\n');
  if (block.startsWith('```')) return html`<pre><code>${lines.slice(1, -1).join('\n')}</code></pre>`;
  if (block.startsWith('# ')) return html`<h1>${inline(block.slice(2))}</h1>`;
  if (block.startsWith('## ')) return html`<h2>${inline(block.slice(3))}</h2>`;
  if (block.startsWith('> '))
    return html`<blockquote>${inline(lines.map((line) => line.replace(/^> ?/, '')).join(' '))}</blockquote>`;
  if (lines.every((line) => line.startsWith('- '))) return html`<ul>${items(lines, /^- /)}</ul>`;
  if (lines.every((line) => /^\d+\. /.test(line))) return html`<ol>${items(lines, /^\d+\. /)}</ol>`;
  return html`<p>${inline(lines.join(' '))}</p>`;
}

function items(lines: readonly string[], marker: RegExp): readonly Html[] {
  return lines.map((line) => html`<li>${inline(line.replace(marker, ''))}</li>`);
}

function inline(text: string): readonly Html[] {
  return text
    .split(/(`[^`]+`)/)
    .map((piece) => (/^`.+`$/.test(piece) ? html`<code>${piece.slice(1, -1)}</code>` : html`${piece}`));
}
