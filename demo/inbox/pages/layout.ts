import { type Html, html } from './html.ts';

export interface Page {
  readonly title: string;
  readonly section: 'messages' | 'traces';
  /** Of the list beside what is shown; the narrow layout shows only one of them. */
  readonly focus: 'list' | 'detail';
  readonly startPage: string | null;
  readonly list: Html;
  readonly detail: Html;
}

const styles = ['inbox.css', 'message.css', 'trace.css', 'narrow.css'] as const;

/** What the script exchanges when something arrives carries `data-live`. */
export function layout({ title, section, focus, startPage, list, detail }: Page): string {
  const current = (name: string) => (name === section ? html` aria-current="page"` : null);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="/assets/inbox.svg">
${styles.map(
  (name) => html`<link rel="stylesheet" href="/assets/${name}">
`,
)}
<script type="module" src="/assets/inbox.js"></script>
</head>
<body>
<header class="top">
<a class="brand" href="/"><img src="/assets/inbox.svg" alt="" width="22" height="22">Lookout inbox</a>
<nav aria-label="Sections"><a class="tab" href="/"${current('messages')}>Messages</a><a class="tab" href="/traces"${current('traces')}>Traces</a></nav>
<span class="live" data-connection role="status"></span>
${startPage === null ? null : html`<a class="start" href="${startPage}">Start page</a>`}
</header>
<div class="split focus-${focus}">
<section class="list" id="list" data-live aria-label="${section === 'messages' ? 'Messages' : 'Traces'}">${list}</section>
<main class="detail" id="detail" ${focus === 'list' ? html`data-live` : null}>${detail}</main>
</div>
</body>
</html>
`;
  return page.html;
}
