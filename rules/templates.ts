/**
 * Pieces of Prometheus' annotation templates (Go text/template; functions as documented in "Template reference"). Only
 * functions that 2.42 and 3.x have and render alike. Pipelines are given without braces.
 */

/** The alert's value. */
export const value = '$value';

/** The value inside `figure`. */
export const found = '. | first | value';

/** A ratio with at most one decimal: `83.3%`. */
export function percent(pipeline: string): string {
  return `{{ reReplaceAll \`(\\.\\d)\\d+\` \`$1\` (${pipeline} | humanizePercentage) }}`;
}

/** Seconds without their sign in the two largest units, with decimals below ten seconds only: `1d 2h`, `5m`, `24s`, `1.25s`. */
export function span(pipeline: string): string {
  const twoUnits = `reReplaceAll \`^(\\S+ \\S+) .*\` \`$1\` (${pipeline} | humanizeDuration)`;
  return `{{ reReplaceAll \`^-| 0[hms]$|(\\d\\d)\\.\\d+(s)$\` \`$1$2\` (${twoUnits}) }}`;
}

/** Bytes in binary units: `51.2MiB`. */
export function bytes(pipeline: string): string {
  return `{{ ${pipeline} | humanize1024 }}B`;
}

/** A whole number. */
export function count(pipeline: string): string {
  return `{{ ${pipeline} | printf "%.0f" }}`;
}

/** A whole number with its noun: `1 run`, `2 runs`. */
export function several(pipeline: string, one: string, many: string): string {
  return `${count(pipeline)} {{ if eq (${pipeline} | printf "%.0f") "1" }}${one}{{ else }}${many}{{ end }}`;
}

/** A moment in the zone of the Prometheus process, which it names: `20 Nov 02:00 UTC`. */
export function moment(pipeline: string): string {
  return `{{ (${pipeline} | toTime).Local.Format "2 Jan 15:04 MST" }}`;
}

/** The same with its year, for what is more than months away. */
export function date(pipeline: string): string {
  return `{{ (${pipeline} | toTime).Local.Format "2 Jan 2006 15:04 MST" }}`;
}

/** The label `reason` of a result, in words. */
export const reason = '{{ . | first | label "reason" | reReplaceAll "_" " " }}';

/**
 * A figure besides the alert's own value: the first result of a query in which `$name` stands for the alert's label of
 * that name, quoted. `then` may use `found`; `otherwise` stands when the query finds nothing.
 */
export function figure(query: string, then: string, otherwise = ''): string {
  const labels = [...query.matchAll(/\$(\w+)/g)].map(([, name]) => ` $labels.${name}`).join('');
  const format = `\`${query.replaceAll('%', '%%').replaceAll(/\$\w+/g, '%q')}\``;
  const fallback = otherwise === '' ? '' : `{{ else }}${otherwise}`;
  return `{{ with printf ${format}${labels} | query }}${then}${fallback}{{ end }}`;
}

/** A series of the exporter for such a query, with its last value where it is missing for a short time. */
export function latest(metric: { readonly name: string }, matchers: string): string {
  return `last_over_time(${metric.name}{namespace=$namespace,${matchers}}[5m])`;
}

/** All results of such a query, one after the other; `each` may use `.Labels` and `.Value`. */
export function list(query: string, each: string): string {
  return figure(query, `{{ range $i, $found := . }}{{ if $i }}, {{ end }}{{ with $found }}${each}{{ end }}{{ end }}`);
}
