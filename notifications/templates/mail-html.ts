import type { Stack } from '../../stack/types.ts';
import { asItIs, ended, facts, ifAddress, ifTest, reason, silenceUrl, summary } from './common.ts';

const font = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const style = {
  page: `margin:0;padding:0;background-color:#eef0f3`,
  card: `width:100%;max-width:600px;background-color:#ffffff;border-radius:8px;${font};font-size:15px;line-height:22px;color:#1f2328`,
  bar: `padding:10px 24px;border-radius:8px 8px 0 0;color:#ffffff;font-size:13px;line-height:18px;letter-spacing:0.06em`,
  block: 'padding:0 24px',
  title: 'margin:20px 0 0;font-size:21px;line-height:28px;font-weight:600;color:#1f2328',
  detail: 'margin:2px 0 0;color:#57606a',
  sentence: 'margin:14px 0 0',
  facts: 'margin:16px 0 0;border-top:1px solid #d8dee4;font-size:15px;line-height:22px',
  word: 'padding:9px 16px 9px 0;border-bottom:1px solid #d8dee4;color:#57606a;width:76px',
  fact: 'padding:9px 0;border-bottom:1px solid #d8dee4;color:#1f2328',
  note: 'margin:20px 0 0;padding:10px 14px;background-color:#fff4ce;color:#4d3800',
  button:
    'display:inline-block;margin:0 8px 8px 0;padding:9px 16px;border:1px solid #8c959f;border-radius:6px;color:#1f2328;text-decoration:none;font-weight:600',
  footer: `padding:14px 24px 20px;${font};font-size:12px;line-height:18px;color:#57606a`,
} as const;

/**
 * The mail as HTML. One table of at most 600 px, inline CSS beside `bgcolor`, no image, no script: what Outlook's Word
 * engine, Gmail and phones agree on. The state is a word and a colour.
 */
export function mailHtml(stack: Stack): string {
  return `{{ define "lookout.mail.html" -}}
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ template "lookout.subject" . }}</title>
</head>
<body bgcolor="#eef0f3" style="${style.page}">
<div style="display:none;max-height:0;overflow:hidden">${preview}</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#eef0f3"><tr><td align="center" style="padding:16px 8px">
<table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0" bgcolor="#ffffff" style="${style.card}">
<tr><td bgcolor="{{ template "lookout.colour" . }}" style="${style.bar};background-color:{{ template "lookout.colour" . }}"><b>${state}</b> &nbsp;${stack.name}</td></tr>
<tr><td style="${style.block}">
${ifTest((sentence) => `<p style="${style.note}">${sentence}</p>\n`)}
{{ range .Alerts.Firing }}${firing}{{ end -}}
{{ range .Alerts.Resolved }}${resolved}{{ end -}}
<div style="padding:18px 0 14px">
${buttons(stack)}</div>
</td></tr>
</table>
<table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0" style="width:100%;max-width:600px"><tr><td style="${style.footer}">${reason(stack)}</td></tr></table>
</td></tr></table>
</body>
</html>
{{ end }}
`;
}

const state = `{{ if .Alerts.Firing }}{{ template "lookout.severity" (index .Alerts.Firing 0) }}{{ else }}RESOLVED{{ end }}`;

/** What a phone shows below the subject before the mail is opened. */
const preview = `{{ if .Alerts.Firing }}{{ with index .Alerts.Firing 0 }}{{ .Annotations.description }} {{ .Annotations.action }}{{ end }}{{ else }}It is over since {{ template "lookout.time" (index .Alerts.Resolved 0).EndsAt }}.{{ end }}`;

const firing = `<h1 style="${style.title}">{{ ${summary} }}</h1>
{{ with .Annotations.detail }}<p style="${style.detail}">{{ . }}</p>
{{ end -}}
{{ with .Annotations.description }}<p style="${style.sentence}">{{ . }}</p>
{{ end -}}
${table([
  ...facts.map(([word, name]) => `{{ with .Annotations.${name} }}${row(word, '{{ . }}')}{{ end -}}`),
  row('Since', '{{ template "lookout.time" .StartsAt }}'),
  `{{ with .Annotations.action }}${row('First', '<b>{{ . }}</b>')}{{ end -}}`,
])}`;

const resolved = `<h1 style="${style.title}">${ended(asItIs, { was: ' ', lasted: ', ' })}</h1>
${table([row('From', '{{ template "lookout.time" .StartsAt }}'), row('To', '{{ template "lookout.time" .EndsAt }}')])}`;

function table(rows: readonly string[]): string {
  const open = `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="${style.facts}">`;
  return `${open}\n${rows.join('\n')}\n</table>\n`;
}

function row(word: string, fact: string): string {
  return `<tr><td valign="top" style="${style.word}">${word}</td><td valign="top" style="${style.fact}">${fact}</td></tr>\n`;
}

function buttons(stack: Stack): string {
  const silence = silenceUrl(stack, '&amp;');
  return `{{ with index .Alerts 0 -}}
${ifAddress('runbook_url', button('{{ . }}', 'Runbook'))}
${ifAddress('dashboard_url', button('{{ . }}', 'Dashboard'))}
{{ end -}}
${silence === null ? '' : `{{ if .Alerts.Firing }}${button(silence, 'Silence')}{{ end -}}\n`}`;
}

function button(address: string, word: string): string {
  return `<a href="${address}" style="${style.button}">${word}</a>\n`;
}
