import { X509Certificate } from 'node:crypto';
import type { Problem } from '../../model/reading.ts';
import { type Content, nothing } from './content.ts';

const begin = /-----BEGIN ([A-Z0-9 ]+)-----/g;
const labels: ReadonlySet<string> = new Set(['CERTIFICATE', 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE']);

/**
 * The certificates of a PEM file in its order, whatever stands around them: byte order mark, comments, keys, line ends of any
 * kind. Nothing else of the file is kept. `path` is for messages. Source: RFC 7468; OpenSSL's labels.
 */
export function readPem(path: string, text: string): Content {
  const blocks = [...text.matchAll(begin)].filter(([, label = '']) => labels.has(label));
  const read = blocks.map(({ 0: head, 1: label = '', index }, number) =>
    readBlock(text.slice(index, end(text, index + head.length, label)), `certificate ${number + 1} of ${path}`),
  );
  const problems = read.flatMap(({ problem }) => problem ?? []);
  return {
    certificates: read.flatMap(({ certificates }) => certificates),
    problem: problems[0] ?? (blocks.length === 0 ? nothingIn(path) : null),
  };
}

/** Where the block ends that began before `from`: behind its own end, else before whatever begins next. */
function end(text: string, from: number, label: string): number {
  const closing = `-----END ${label}-----`;
  const next = text.indexOf('-----BEGIN ', from);
  const limit = next < 0 ? text.length : next;
  const found = text.indexOf(closing, from);
  return found < 0 || found > limit ? limit : found + closing.length;
}

function readBlock(block: string, name: string): Content {
  try {
    return { certificates: [new X509Certificate(block.replaceAll(/[\r\n]+/g, '\n'))], problem: null };
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    return nothing({ reason: 'bad_pem', message: `could not read ${name}: ${cause}` });
  }
}

function nothingIn(path: string): Problem {
  return { reason: 'no_certificate_found', message: `${path} holds no certificate in PEM` };
}
