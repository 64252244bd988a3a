import { X509Certificate } from 'node:crypto';
import 'node-forge/lib/pkcs12.js';
import forge from 'node-forge/lib/forge.js';
import { type Content, nothing } from './content.ts';

/**
 * The certificates of a PKCS#12 file, the legacy ciphers of older ones included. Keys in it are dropped unseen. A password is
 * wrong when the check sum that is made with it is.
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
  const { asn1, pki } = forge;
  const content = decrypt(asn1.fromDer(bytes.toString('binary')), password);
  const type = pki.oids['certBag'] ?? '';
  const bags = content.getBags({ bagType: type })[type] ?? [];
  return bags.map((bag) => {
    const parsed = bag.cert ? pki.certificateToAsn1(bag.cert) : bag.asn1;
    return Buffer.from(asn1.toDer(parsed).getBytes(), 'binary');
  });
}

/**
 * The check sum and older ciphers take a password in UTF-16, PBES2 (OpenSSL 3) in UTF-8, for which node-forge must be given
 * its bytes: https://github.com/digitalbazaar/forge/issues/487. The check sum has been verified when its decrypting fails;
 * it is the third part of the file, and must be left out then.
 */
function decrypt(file: forge.asn1.Asn1, password: string): forge.pkcs12.Pkcs12Pfx {
  const { pkcs12, util } = forge;
  const bytes = util.encodeUtf8(password);
  try {
    return pkcs12.pkcs12FromAsn1(file, password);
  } catch (error) {
    if (bytes === password || !Array.isArray(file.value) || /MAC/.test(String(error))) throw error;
    return pkcs12.pkcs12FromAsn1({ ...file, value: file.value.slice(0, 2) }, bytes);
  }
}
