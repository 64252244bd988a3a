import { UserError } from '../../../common/problems.ts';
import type { Subject } from './types.ts';

/** One field that the API server objects to. Source: Kubernetes API reference, StatusCause. */
export interface Cause {
  readonly reason: string;
  readonly field: string;
  readonly message: string;
}

/** A right that RBAC does not give. */
export interface MissingRight {
  readonly verb: string;
  /** Plural with group and subresource, e.g. `deployments.apps`. */
  readonly resource: string;
  /** null: in the whole cluster. */
  readonly namespace: string | null;
}

/** An answer of the API server that says no: one line, without any value of a Secret. */
export class ApiError extends UserError {
  readonly status: number;
  /** Machine-readable, e.g. `Conflict`; empty when the answer is not a Status. */
  readonly reason: string;
  readonly causes: readonly Cause[];
  readonly missing: MissingRight | null;
  readonly subject: Subject;
  constructor(subject: Subject, status: number, body: unknown) {
    const { reason = '', message, details } = asStatus(body);
    const text = message ?? (typeof body === 'string' ? body.trim() : '');
    const missing = status === 403 ? missingRight(text) : null;
    super(`could not ${describeSubject(subject)}: ${explain(subject, status, reason, text, missing, details?.causes)}`);
    this.name = 'ApiError';
    this.status = status;
    this.reason = reason;
    this.missing = missing;
    this.subject = subject;
    this.causes = (details?.causes ?? []).map(({ reason: why = '', field = '', message: what = '' }) => ({
      reason: why,
      field,
      message: subject.secret ? hidden : what,
    }));
  }
}

export function isApiError(error: unknown, ...statuses: readonly number[]): error is ApiError {
  return error instanceof ApiError && statuses.includes(error.status);
}

const hidden = 'the text of the API server is not shown, it may quote values';

/** `patch deployments.apps shop/web`, as a person would say it. */
export function describeSubject({ verb, resource, namespace, name }: Subject): string {
  const object = [namespace, name].filter((part) => part !== undefined).join('/');
  return object === '' ? `${verb} ${resource}` : `${verb} ${resource} ${object}`;
}

/** Of a Secret only the reason and the paths are told. */
function explain(
  subject: Subject,
  status: number,
  reason: string,
  text: string,
  missing: MissingRight | null,
  causes: StatusBody['causes'] = [],
): string {
  if (missing !== null)
    return `RBAC gives no right to ${missing.verb} ${missing.resource} ${missing.namespace === null ? 'in the cluster' : `in namespace ${missing.namespace}`}`;
  const kind = reason === '' ? `HTTP ${status}` : `${status} ${reason}`;
  if (subject.secret && status !== 404) {
    const fields = [...new Set(causes.map(({ field = '' }) => field))].filter((field) => field !== '');
    return `${kind}${fields.length === 0 ? '' : ` at ${fields.join(', ')}`} (${hidden})`;
  }
  return `${text.replaceAll(/\s*\n\s*/g, ' ') || 'no reason given'} (${kind})`;
}

/** Source: k8s.io/apiserver, `endpoints/handlers/responsewriters.forbiddenMessage`. */
function missingRight(message: string): MissingRight | null {
  const found =
    /cannot (?<verb>\S+) resource "(?<resource>[^"]+)" in API group "(?<group>[^"]*)"(?: in the namespace "(?<namespace>[^"]+)")?/.exec(
      message,
    )?.groups;
  if (found === undefined) return null;
  const [plural = '', ...sub] = (found['resource'] ?? '').split('/');
  const group = found['group'] === '' ? '' : `.${found['group']}`;
  return {
    verb: found['verb'] ?? '',
    resource: [`${plural}${group}`, ...sub].join('/'),
    namespace: found['namespace'] ?? null,
  };
}

interface StatusBody {
  readonly reason?: string;
  readonly message?: string;
  readonly details?: { readonly causes?: StatusBody['causes'] };
  readonly causes?: readonly { readonly reason?: string; readonly field?: string; readonly message?: string }[];
}

/** Source: Kubernetes API reference, Status. */
function asStatus(body: unknown): StatusBody {
  return typeof body === 'object' && body !== null && 'kind' in body && body.kind === 'Status'
    ? (body as StatusBody)
    : {};
}
