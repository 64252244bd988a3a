import type { Mood } from '../status/types.ts';
import { type Content, type Html, html } from './html.ts';

export interface PageFrame {
  /** Name of the stack. */
  readonly stack: string;
  readonly title: string;
  /** Colours the icon in the tab. */
  readonly mood?: Mood;
  /** Attributes of `main`: what the page's script keeps current. */
  readonly live?: 'sections' | 'refresh';
}

/** A whole document. */
export function document({ stack, title, mood = 'busy', live }: PageFrame, ...body: readonly Content[]): string {
  const page: Html = html`<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>${title}</title>
  <link rel="icon" id="icon" href="/icon-${mood}.svg" type="image/svg+xml">
  <link rel="stylesheet" href="/style.css">
  <script src="/live.js" defer></script>
</head>
<body>
  <header class="bar"><div><a class="brand" href="/">Lookout</a><span class="stack">${stack}</span>
    <nav><a href="/">Overview</a><a href="/logs">Logs</a><a href="/runbooks">Runbooks</a><a href="/silences/new">Silence</a></nav></div></header>
  <p id="offline" class="banner" hidden role="alert"><strong>Lookout does not answer.</strong> It was stopped, or is gone.
    What follows is what it knew last.</p>
  <main data-page="${live ?? 'still'}">${body}</main>
</body>
</html>`;
  return `<!doctype html>\n${page.markup}\n`;
}
