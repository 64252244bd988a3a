import type { Stack } from '../../stack/types.ts';
import { asItIs, ended, facts, ifAddress, ifTest, reason, silenceUrl, summary } from './common.ts';

/** The mail as plain text, complete: for watches, terminals and readers that speak. */
export function mailText(stack: Stack): string {
  const silence = silenceUrl(stack, '&');
  return `{{ define "lookout.mail.text" -}}
${ifTest((sentence) => `${sentence}\n\n`)}
{{ range .Alerts.Firing }}${firing}{{ end -}}
{{ range .Alerts.Resolved }}${resolved}{{ end -}}
{{ with index .Alerts 0 -}}
${ifAddress('runbook_url', 'Runbook    {{ . }}\n')}
${ifAddress('dashboard_url', 'Dashboard  {{ . }}\n')}
{{ end -}}
${silence === null ? '' : `{{ if .Alerts.Firing }}Silence    ${silence}\n{{ end -}}`}
{{ "\\n-- " }}
${reason(stack)}
{{ end }}
`;
}

const firing = `{{ template "lookout.severity" . }}: {{ ${summary} }}{{ with .Annotations.detail }}, {{ . }}{{ end }}

{{ with .Annotations.description }}{{ . }}

{{ end -}}
${facts.map(([word, name]) => `{{ with .Annotations.${name} }}${word.padEnd(11)}{{ . }}\n{{ end -}}`).join('\n')}
Since      {{ template "lookout.time" .StartsAt }}
{{ with .Annotations.action }}First      {{ . }}
{{ end }}
`;

const resolved = `RESOLVED: ${ended(asItIs, { was: ' ', lasted: ', ' })}

From       {{ template "lookout.time" .StartsAt }}
To         {{ template "lookout.time" .EndsAt }}

`;
