import type { Finding } from '../model.ts';
import { failed, passed } from './steps.ts';

/** Whether these are the first bytes of a tar archive. Source: POSIX pax, ustar header. */
export function isTar(head: Buffer): boolean {
  return head.length >= 512 && head.toString('latin1', 257, 262) === 'ustar';
}

/** A tar archive ends with two blocks of zeros; what is in it is not looked at. */
export function verifyTar(tail: Buffer, length: number): readonly Finding[] {
  const end = tail.subarray(-1024);
  const whole = length % 512 === 0 && end.length === 1024 && end.every((byte) => byte === 0);
  return [whole ? passed('trailer') : failed('trailer', 'truncated')];
}
