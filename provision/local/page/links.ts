/** Labels that say where an alert came from rather than what it is about. */
const circumstances = ['alertname', 'severity', 'instance', 'job', 'environment'];

/** The page that silences one alert of one object: the same form of link as in the messages. */
export function silenceLink(alert: string, labels: Readonly<Record<string, string>>): string {
  const own = Object.entries(labels).filter(([name]) => !circumstances.includes(name));
  return `/silences/new?${new URLSearchParams([['alertname', alert], ...own])}`;
}
