import { X509Certificate } from 'node:crypto';
import 'node-forge/lib/pkcs12.js';
import forge from 'node-forge/lib/forge.js';
import { type Content, nothing } from './content.ts';

/**
 * The certificates of a PKCS#12 file, the legacy ciphers of older ones included. Keys in it are dropped unseen. A password is
 * wrong when the check sum that is made with it is. Where the file is encrypted by PBES2, as OpenSSL 3 does, node-forge takes
 * only passwords of ASCII characters.
 */
export function readPkcs12(path: string, bytes: Buffer, password: string): Content {
  try {
    const certificates = openBags(bytes, password).map((der) => new X509Certificate(der));
    return { certificates, problem: null };
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    const reason = /password|MAC could not be verified/i.test(cause) ? 'bad_password' : 'bad_pkcs12';
    return nothing({ reason, message: `could not open ${path} as PKCS#12: ${cause}` });
  }
}

/** Each certificate in DER. Those with keys that the library does not know are given by it as they were parsed. */
function openBags(bytes: Buffer, password: string): readonly Buffer[] {
  const { asn1, pkcs12, pki } = forge;
  const content = pkcs12.pkcs12FromAsn1(asn1.fromDer(bytes.toString('binary')), password);
  const type = pki.oids['certBag'] ?? '';
  const bags = content.getBags({ bagType: type })[type] ?? [];
  return bags.map((bag) => {
    const parsed = bag.cert ? pki.certificateToAsn1(bag.cert) : bag.asn1;
    return Buffer.from(asn1.toDer(parsed).getBytes(), 'binary');
  });
}
