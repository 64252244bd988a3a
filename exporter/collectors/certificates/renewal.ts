import type { Files } from '../../reader/task.ts';
import type { CertificateFacts } from './facts.ts';

/** What renews a stored certificate by itself, where it can be seen from how it is stored. */
export type Renewer = 'certbot' | 'cert-manager';

const tenDays = 10 * 86_400;

/**
 * When it replaces a certificate unless it was told otherwise; seconds since the epoch. Certbot: with a third of the lifetime
 * left, with a half where that is less than ten days (CHANGELOG of 4.0.0). cert-manager: with a third left (RenewBefore in
 * pkg/util/pki/renewaltime.go).
 */
export function renewalTime(renewer: Renewer, { notBefore, notAfter }: CertificateFacts): number {
  const lifetime = notAfter - notBefore;
  return notAfter - lifetime / (renewer === 'certbot' && lifetime < tenDays ? 2 : 3);
}

/** Where the links in Certbot's `live/<name>/` lead. Source: Certbot's documentation, "Where are my certificates?" */
const archived = /(?:^|\/)archive\/[^/]+\/(?:cert|fullchain)\d+\.pem$/;

/** What renews a file, seen from where it lies. */
export function renewerOf(files: Files, path: string): Renewer | null {
  return files.lstat(path).isSymbolicLink() && archived.test(files.readlink(path)) ? 'certbot' : null;
}
