import { createHash } from 'node:crypto';
import type { Task } from '../../reader/task.ts';
import { factsOf } from './facts.ts';
import { readPem } from './pem.ts';
import type { StoredReading } from './reading.ts';

export interface CertificateRequest {
  readonly path: string;
  /** Whether the certificates are to be trusted and therefore given back whole. */
  readonly authority: boolean;
}

/** More than a bundle of all public authorities; a file beyond it is something else. */
const largest = 4 * 1024 ** 2;

/** Reads a file of certificates. A private key in it never leaves this process. */
export const task: Task<CertificateRequest, StoredReading> = ({ path, authority }, previous, { files }) => {
  const bytes = files.readFile(path, largest);
  const digest = createHash('sha256').update(bytes).digest('hex');
  if (previous?.digest === digest) return { reading: previous, problem: previous.problem };
  const { certificates, problem } = readPem(path, bytes.toString());
  if (certificates.length === 0) return { reading: null, problem };
  const chain = certificates.map((certificate) => factsOf(certificate));
  const pem = authority ? certificates.map(String) : [];
  return { reading: { kind: 'stored', digest, chain, problem, pem }, problem };
};
