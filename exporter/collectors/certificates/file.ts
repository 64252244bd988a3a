import { X509Certificate } from 'node:crypto';
import { type Content, nothing } from './content.ts';
import { readPem } from './pem.ts';

/**
 * The certificates of a file in whichever format it is: PEM, DER, or PKCS#12, which is opened with the password. `path` is
 * for messages. What opens PKCS#12 is loaded only for such a file.
 */
export async function readFile(path: string, bytes: Buffer, password: string): Promise<Content> {
  if (bytes[0] !== sequence) return readPem(path, bytes.toString());
  const certificate = readDer(bytes);
  if (certificate !== undefined) return { certificates: [certificate], problem: null };
  const { readPkcs12 } = await import('./pkcs12.ts');
  const content = readPkcs12(path, bytes, password);
  const problem = { reason: 'no_certificate_found', message: `${path} holds no certificate in PKCS#12` } as const;
  return content.certificates.length === 0 && content.problem === null ? nothing(problem) : content;
}

/** The first byte of everything in DER: the tag of a SEQUENCE. */
const sequence = 0x30;

function readDer(bytes: Buffer): X509Certificate | undefined {
  try {
    return new X509Certificate(bytes);
  } catch {
    return undefined;
  }
}
