import type { Format } from './text.ts';

/** OpenMetrics when the scraper names it and does not prefer plain text. Source: RFC 9110, "Accept". */
export function negotiateFormat(accept: string | undefined): Format {
  const qualities = parse(accept ?? '');
  const openmetrics = qualities.get('application/openmetrics-text') ?? 0;
  const text = qualities.get('text/plain') ?? 0;
  return openmetrics > 0 && openmetrics >= text ? 'openmetrics' : 'text';
}

/** Whether the answer may be compressed. Source: RFC 9110, "Accept-Encoding". */
export function acceptsGzip(acceptEncoding: string | undefined): boolean {
  const qualities = parse(acceptEncoding ?? '');
  return (qualities.get('gzip') ?? qualities.get('*') ?? 0) > 0;
}

/** The highest quality of each element, whatever its other parameters. */
function parse(header: string): ReadonlyMap<string, number> {
  const qualities = new Map<string, number>();
  for (const element of header.toLowerCase().split(',')) {
    const [name = '', ...parameters] = element.split(';').map((part) => part.trim());
    const stated = parameters.find((parameter) => parameter.startsWith('q='));
    const quality = stated === undefined ? 1 : Number(stated.slice(2));
    if (quality >= 0) qualities.set(name, Math.max(quality, qualities.get(name) ?? 0));
  }
  return qualities;
}
