import { environmentLabel, type Stack } from '../../stack/types.ts';
import { testLabel } from '../types.ts';

/**
 * Templates that mail and chat share. Language: Go text/template with Alertmanager's functions ("Notification template
 * reference"); only what 0.25 knows, besides `tz` where the version has it.
 */
export function commonTemplates(stack: Stack): string {
  return [
    subjectTemplate(stack, 'lookout.subject', asciiLine),
    severity,
    colour,
    lasted,
    time(stack),
    labels,
    thread,
  ].join('\n');
}

/** Pipeline that makes one line of printable ASCII: a mail's subject is otherwise sent as one unreadable encoded word. */
const asciiLine = 'reReplaceAll "\\\\s+" " " | reReplaceAll "[^ -~]" "?" | reReplaceAll "^(.{100}).+$" "$1..."';

/**
 * The line that must suffice on a watch: `CRITICAL | backup mongodb-prod missed | last good 26 h ago, due 02:00 | production`
 * and `RESOLVED | backup mongodb-prod | was missed for 3 h 10 min | production`. `leaf` is the pipeline for each value.
 */
export function subjectTemplate(stack: Stack, name: string, leaf: string): string {
  return `{{ define "${name}" -}}
{{ if .CommonLabels.${testLabel} }}[TEST] {{ end -}}
{{ if .Alerts.Firing -}}
{{ with index .Alerts.Firing 0 -}}
{{ or .Labels.severity "alert" | toUpper | ${leaf} }} | {{ ${summary} | ${leaf} -}}
{{ if .Annotations.detail }} | {{ .Annotations.detail | ${leaf} }}{{ end -}}
{{ end -}}
{{ if gt (len .Alerts.Firing) 1 }} | {{ len .Alerts.Firing }} alerts{{ end -}}
{{ else -}}
RESOLVED | {{ with index .Alerts.Resolved 0 }}${ended(leaf, { was: ' | ', lasted: ' | ' })}{{ end -}}
{{ if gt (len .Alerts.Resolved) 1 }} | {{ len .Alerts.Resolved }} alerts{{ end -}}
{{ end }} | {{ or .CommonLabels.${environmentLabel} "${stack.name}" | ${leaf} }}{{ end }}
`;
}

/**
 * What an ended alert was and how long: its summary is taken apart behind the object's name, and figures, which are no
 * longer true, are left out. `backup x missed` becomes `backup x was missed for 3 h`, `volume x 83% full` becomes `volume x
 * was full for 3 h`. A rest that does not read so is told as it is (`application x fails`), or by the alert's name when it
 * had a figure (`certificate x expires in 3d`).
 */
export function ended(leaf: string, gap: { readonly was: string; readonly lasted: string }): string {
  return `{{ $summary := ${summary} -}}
{{ $object := or (index .Labels (or .Annotations.object "alertname")) .Labels.alertname -}}
{{ $pattern := printf "^(.*%s) (.+)$" ${quotedObject} -}}
{{ $subject := reReplaceAll $pattern "$1" $summary -}}
{{ $rest := reReplaceAll $pattern "$2" $summary -}}
{{ $state := reReplaceAll "[^ ]*[0-9][^ ]* ?" "" $rest -}}
{{ if not (match $pattern $summary) }}{{ $summary | ${leaf} }}${gap.lasted}lasted {{ else -}}
{{ if match "^[a-z]*[a-rt-z]( [a-z ]+)?$" $state }}{{ $subject | ${leaf} }}${gap.was}was {{ $state | ${leaf} }} for {{ else -}}
{{ if eq $state $rest }}{{ $summary | ${leaf} }}${gap.lasted}lasted {{ else -}}
{{ $subject | ${leaf} }}${gap.lasted}{{ .Labels.alertname | reReplaceAll "([a-z])([A-Z])" "$1 $2" | toLower | ${leaf} }} lasted {{ end }}{{ end }}{{ end -}}
{{ template "lookout.lasted" . }}`;
}

/** `$object` as a pattern that matches just it. */
const quotedObject = String.raw`(reReplaceAll "([\\\\.+*?()|\\[\\]{}^$])" "\\$1" $object)`;

/** Pipeline that leaves a value as it is. */
export const asItIs = 'printf "%s"';

/** What happened to what, of one alert; an alert without a summary still has a name. */
export const summary = '(or .Annotations.summary .Labels.alertname "alert")';

/** Of one alert. */
const severity = `{{ define "lookout.severity" }}{{ or .Labels.severity "alert" | toUpper }}{{ end }}
`;

/** Mid tones that stay readable when a mail client recolours for its dark view. */
const colour = `{{ define "lookout.colour" -}}
{{ if not .Alerts.Firing }}#2e7d32{{ else -}}
{{ $severity := (index .Alerts.Firing 0).Labels.severity -}}
{{ if eq $severity "critical" }}#c62828{{ else if eq $severity "info" }}#1565c0{{ else }}#b45309{{ end -}}
{{ end }}{{ end }}
`;

/**
 * Length of one ended alert in at most two units: `2 d 4 h`, `3 h 10 min`, `42 s`. Templates cannot divide, so the
 * length is added to a midnight that was a 31 December, and read from that clock and its day of the year: rounding any
 * time of the years 2019 to 2306 down to a multiple of 105,294 days since year 1 gives 31 December 2018.
 */
const lasted = `{{ define "lookout.lasted" -}}
{{ $length := (.EndsAt.Sub .StartsAt).Round 1000000000 -}}
{{ $clock := (.StartsAt.UTC.Truncate 9097401600000000000).Add $length -}}
{{ if ge $length.Hours 24.0 }}{{ $clock.YearDay }} d{{ with $clock.Hour }} {{ . }} h{{ end -}}
{{ else if $clock.Hour }}{{ $clock.Hour }} h{{ with $clock.Minute }} {{ . }} min{{ end -}}
{{ else if $clock.Minute }}{{ $clock.Minute }} min{{ with $clock.Second }} {{ . }} s{{ end -}}
{{ else }}{{ $clock.Second }} s{{ end -}}
{{ end }}
`;

/**
 * A time in the operator's zone, named. Where templates have no `tz`, it is the zone of Alertmanager's process (environment
 * variable TZ), which the platform sets to the stack's.
 */
function time({ timezone, alertmanager }: Stack): string {
  const zoned = alertmanager.features.templateTime ? `(tz "${timezone}" .)` : '.Local';
  return `{{ define "lookout.time" }}{{ ${zoned}.Format "Mon 2 Jan 2006, 15:04:05 MST" }}{{ end }}
`;
}

/**
 * Which alert a message is about, as a URL query: the labels by which it was grouped, and its severity. One line of ASCII
 * below 998 octets, the limit of a mail's header.
 */
const labels = `{{ define "lookout.labels" -}}
{{ range .GroupLabels.SortedPairs }}{{ if .Value }}{{ .Name }}={{ .Value | urlquery | reReplaceAll "^((?:%..|[^%]){40}).+$" "$1" }}&{{ end }}{{ end -}}
severity={{ .CommonLabels.severity | urlquery }}{{ end }}
`;

/** One mail thread for each outage of one object. Format: RFC 5322, section 3.6.4. */
const thread = `{{ define "lookout.thread" -}}
<{{ (index .Alerts 0).StartsAt.Unix }}{{ range .GroupLabels.SortedPairs }}.{{ .Value | reReplaceAll "[^A-Za-z0-9-]+" "-" | reReplaceAll "^(.{80}).+$" "$1" }}{{ end }}@lookout>{{ end }}
`;

/**
 * Template text that gives the page on which the alert of this message is silenced; null where there is none, so that no
 * message offers a dead link. `ampersand` stands between two parameters, as the place of use needs it.
 */
export function silenceUrl({ local }: Stack, ampersand: string): string | null {
  if (local === null) return null;
  const parameter = `{{ if $index }}${ampersand}{{ end }}{{ $label.Name }}={{ $label.Value | urlquery }}`;
  const query = `{{ range $index, $label := .GroupLabels.SortedPairs }}{{ if $label.Value }}${parameter}{{ end }}{{ end }}`;
  return `http://${local.startPage}/silences/new?${query}`;
}

/** A piece that uses an annotation of the alert at hand as an address; nothing unless it is one. */
export function ifAddress(annotation: string, piece: string): string {
  return `{{ with .Annotations.${annotation} }}{{ if match "^https?://" . }}${piece}{{ end }}{{ end -}}`;
}

/** Heads a message that was sent to try the path; `render` gives the sentence its place. */
export function ifTest(render: (sentence: string) => string): string {
  return `{{ if .CommonLabels.${testLabel} }}${render('This is a test, sent on purpose. Nothing is wrong.')}{{ end -}}`;
}

/** What an alert tells besides its sentences: word for people, annotation. Left out where the annotation is. */
export const facts: readonly (readonly [string, string])[] = [
  ['Now', 'value'],
  ['Limit', 'limit'],
];

/** Why someone gets this message, and which rule to change when it should not have come. */
export function reason({ name }: Stack): string {
  return `You get this because {{ with .CommonLabels.severity }}{{ . }} {{ end }}alerts of ${name} are sent to you. Rule {{ .CommonLabels.alertname }}{{ with .CommonLabels.namespace }}, namespace {{ . }}{{ end }}.`;
}
