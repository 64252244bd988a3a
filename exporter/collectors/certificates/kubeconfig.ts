import { dirname, resolve } from 'node:path';
import { problemOf } from '../../model/failure.ts';
import type { Problem } from '../../model/reading.ts';

/**
 * Fields of a kubeconfig that hold certificates in Base64 or name a file with them, as kubectl, kubeadm and k3s write them in
 * YAML or JSON: on one line. Source: Kubernetes reference, "kubeconfig (v1)".
 */
const field =
  /["']?\b(certificate-authority|client-certificate)(-data)?["']?[ \t]*:[ \t]*(?:"([^"\n]+)"|'([^'\n]+)'|([^\s"'#{][^\n#,}]*))/g;
const sections = /^[ \t{]*["']?(apiVersion|kind|clusters|users|contexts|current-context|preferences)["']?[ \t]*:/m;

export interface Kubeconfig {
  /** Its certificates in PEM, in the order of the fields. */
  readonly pem: string;
  /** Why a file that it names could not be read. */
  readonly problem: Problem | null;
}

/**
 * The certificates of a kubeconfig; undefined for any other text. A file that it names is taken relative to where it lies
 * itself, as kubectl does, and read by `read`.
 */
export function openKubeconfig(path: string, text: string, read: (path: string) => string): Kubeconfig | undefined {
  if (!sections.test(text)) return undefined;
  const parts = Array.from(text.matchAll(field), ([, name = '', inside, ...values]) => {
    const value = values.find((each) => each !== undefined)?.trim() ?? '';
    if (inside !== undefined) return { pem: Buffer.from(value, 'base64').toString(), problem: null };
    return readNamed(name, resolve(dirname(path), value), read);
  });
  if (parts.length === 0) return undefined;
  const problem = parts.find((part) => part.problem !== null)?.problem ?? null;
  return { pem: parts.map(({ pem }) => pem).join('\n'), problem };
}

function readNamed(name: string, path: string, read: (path: string) => string): Kubeconfig {
  try {
    return { pem: read(path), problem: null };
  } catch (error) {
    return { pem: '', problem: problemOf(error, `read ${path}, which the kubeconfig names as its ${name}`) };
  }
}
