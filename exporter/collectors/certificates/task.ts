import { createHash } from 'node:crypto';
import type { Outcome, Problem } from '../../model/reading.ts';
import type { Files, TaskContext } from '../../reader/task.ts';
import { factsOf } from './facts.ts';
import { readFile } from './file.ts';
import { openKubeconfig } from './kubeconfig.ts';
import type { StoredReading } from './reading.ts';
import { renewerOf } from './renewal.ts';

export interface CertificateRequest {
  readonly path: string;
  /** File with the password, where there is one. */
  readonly passwordFile: string | null;
  /** Whether the certificates are to be trusted and therefore given back whole. */
  readonly authority: boolean;
}

/** More than a bundle of all public authorities; a file beyond it is something else. */
const largest = 4 * 1024 ** 2;
const longestPassword = 1024;

/** Reads a file of certificates. A private key in it and its password never leave this process. */
export async function task(
  { path, passwordFile, authority }: CertificateRequest,
  previous: StoredReading | null,
  { files }: TaskContext,
): Promise<Outcome<StoredReading>> {
  const { bytes, problem: lacking } = contentOf(files, path);
  const digest = createHash('sha256')
    .update(bytes)
    .update(lacking?.message ?? '')
    .digest('hex');
  if (previous?.digest === digest) return { reading: previous, problem: previous.problem };
  const password = passwordFile === null ? '' : files.readFile(passwordFile, longestPassword).toString().trimEnd();
  const { certificates, problem: wrong } = await readFile(path, bytes, password);
  const problem = lacking ?? wrong;
  if (certificates.length === 0) return { reading: null, problem };
  const chain = certificates.map((certificate) => factsOf(certificate));
  const pem = authority ? certificates.map(String) : [];
  return { reading: { kind: 'stored', digest, chain, renewer: renewerOf(files, path), problem, pem }, problem };
}

/** The bytes of a file; of a kubeconfig its certificates in PEM, wherever they are. */
function contentOf(files: Files, path: string): { readonly bytes: Buffer; readonly problem: Problem | null } {
  const bytes = files.readFile(path, largest);
  const read = (named: string) => files.readFile(named, largest).toString();
  const kubeconfig = openKubeconfig(path, bytes.toString(), read);
  return kubeconfig === undefined
    ? { bytes, problem: null }
    : { bytes: Buffer.from(kubeconfig.pem), problem: kubeconfig.problem };
}
