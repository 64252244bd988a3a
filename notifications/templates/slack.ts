import type { Stack } from '../../stack/types.ts';
import { ended, facts, ifAddress, ifTest, silenceUrl, subjectTemplate, summary } from './common.ts';

/** Templates of the Slack message: one attachment, whose varying lines stand in its text. */
export function slackTemplates(stack: Stack): string {
  return [
    subjectTemplate(stack, 'lookout.slack.title', escaped),
    note,
    fallback,
    link,
    text(stack),
    footer(stack),
  ].join('\n');
}

/**
 * Slack reads `&`, `<` and `>` as control characters: unescaped, `<!channel>` in an annotation calls everyone.
 * Source: Slack, "Formatting text for app surfaces", escaping text.
 */
const escaped =
  'reReplaceAll "\\\\s+" " " | reReplaceAll "&" "&amp;" | reReplaceAll "<" "&lt;" | reReplaceAll ">" "&gt;"';

/**
 * Also keeps `0 2 * * *` from becoming bold: an invisible joiner (U+034F) before a formatting character takes its effect.
 * An underscore formats only at the edge of a word.
 */
const plain = `${escaped} | reReplaceAll "([*~\`])" "\\u034f$1" | reReplaceAll "(^|[^A-Za-z0-9])_" "$1\\u034f_"`;

/** Inside `<...|...>`. */
const address = 'reReplaceAll "&" "&amp;" | reReplaceAll "<" "%3C" | reReplaceAll ">" "%3E" | reReplaceAll "[|]" "%7C"';

const note = `{{ define "lookout.slack.pretext" }}${ifTest((sentence) => sentence)}{{ end }}
`;

const fallback = `{{ define "lookout.slack.fallback" }}{{ template "lookout.slack.title" . }}{{ end }}
`;

const link = `{{ define "lookout.slack.link" -}}
{{ with index .Alerts 0 }}{{ with or .Annotations.dashboard_url .Annotations.runbook_url }}{{ if match "^https?://" . }}{{ . }}{{ end }}{{ end }}{{ end }}{{ end }}
`;

/** Slack folds a text of 700 characters or five line breaks: facts share a line. Source: Slack, "Secondary message attachments". */
function text(stack: Stack): string {
  const silence = silenceUrl(stack, '&amp;');
  return `{{ define "lookout.slack.text" -}}
{{ $many := gt (len .Alerts) 1 -}}
{{ range .Alerts.Firing }}${firing}{{ end -}}
{{ range .Alerts.Resolved }}${resolved}{{ end -}}
{{ with index .Alerts 0 -}}
${ifAddress('runbook_url', `<{{ . | ${address} }}|Runbook>   `)}
${ifAddress('dashboard_url', `<{{ . | ${address} }}|Dashboard>   `)}
{{ end -}}
${silence === null ? '' : `{{ if .Alerts.Firing }}<${silence}|Silence>{{ end -}}\n`}{{ end }}
`;
}

/** The only alert of a message has its name in the title; several are told in a line each. */
const firing = `{{ if $many -}}
*{{ ${summary} | ${plain} }}*{{ with .Annotations.detail }}, {{ . | ${plain} }}{{ end }}, since {{ template "lookout.time" .StartsAt }}
{{ else -}}
{{ with .Annotations.description }}{{ . | ${plain} }}
{{ end -}}
${facts.map(([word, name]) => `{{ with .Annotations.${name} }}*${word}* {{ . | ${plain} }}   {{ end -}}`).join('\n')}
*Since* {{ template "lookout.time" .StartsAt }}
{{ with .Annotations.action }}*First* {{ . | ${plain} }}
{{ end -}}
{{ end -}}
`;

const resolved = `{{ if $many }}${ended(plain, { was: ' ', lasted: ', ' })}, over since {{ template "lookout.time" .EndsAt }}
{{ else -}}
*From* {{ template "lookout.time" .StartsAt }}   *To* {{ template "lookout.time" .EndsAt }}
{{ end -}}
`;

function footer({ name }: Stack): string {
  return `{{ define "lookout.slack.footer" -}}
Lookout ${name}, rule {{ .CommonLabels.alertname | ${escaped} }}{{ end }}
`;
}
