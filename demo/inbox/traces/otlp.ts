/** One span as the pages show it. Times in milliseconds since the epoch, with fractions. */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly service: string;
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly failed: boolean;
  /** The status' message, the attributes. */
  readonly message: string;
  readonly attributes: Readonly<Record<string, string>>;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Spans of an OTLP/HTTP request in its JSON encoding; undefined when it is none. Unknown fields are passed over, as the
 * protocol asks. Format: OpenTelemetry Protocol Specification 1.x, "JSON Protobuf Encoding".
 */
export function readSpans(body: string): readonly Span[] | undefined {
  let request: unknown;
  try {
    request = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (!isRecord(request)) return undefined;
  return list(request['resourceSpans']).flatMap(({ resource, scopeSpans }) => {
    const service = attributes(isRecord(resource) ? resource['attributes'] : [])['service.name'] ?? 'unknown';
    return list(scopeSpans).flatMap(({ spans }) => list(spans).flatMap((span) => readSpan(span, service)));
  });
}

function readSpan(span: Json, service: string): Span[] {
  const traceId = text(span['traceId']);
  const spanId = text(span['spanId']);
  const start = milliseconds(span['startTimeUnixNano']);
  const end = milliseconds(span['endTimeUnixNano']);
  if (!/^[0-9a-f]{32}$/i.test(traceId) || !/^[0-9a-f]{16}$/i.test(spanId) || Number.isNaN(start + end)) return [];
  const status = isRecord(span['status']) ? span['status'] : {};
  return [
    {
      traceId: traceId.toLowerCase(),
      spanId: spanId.toLowerCase(),
      parentSpanId: text(span['parentSpanId']).toLowerCase() || null,
      service,
      name: text(span['name']),
      start,
      end: Math.max(start, end),
      failed: status['code'] === 2 || status['code'] === 'STATUS_CODE_ERROR',
      message: text(status['message']),
      attributes: attributes(span['attributes']),
    },
  ];
}

function attributes(pairs: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(list(pairs).map(({ key, value }) => [text(key), attributeValue(value)]));
}

/** A value is an object with one key that names its type: `{ "stringValue": "GET" }`. */
function attributeValue(value: unknown): string {
  const [inner] = isRecord(value) ? Object.values(value) : [];
  return typeof inner === 'object' ? JSON.stringify(inner) : String(inner ?? '');
}

function milliseconds(nanoseconds: unknown): number {
  const digits = String(nanoseconds ?? '');
  return /^\d{1,19}$/.test(digits) ? Number(digits) / 1e6 : Number.NaN;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function list(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
