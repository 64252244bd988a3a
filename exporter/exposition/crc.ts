/**
 * CRC-32 of concatenated bytes from the CRCs of the pieces. Source: zlib's crc32_combine (crc32.c): a CRC shifted by n bytes
 * is its product with x^(8n) modulo the polynomial, bits reflected.
 */
const polynomial = 0xedb88320;
const one = 0x80000000;

/** x^(8 * length): what a CRC is multiplied with when `length` bytes follow. */
export function crcShift(length: number): number {
  let shift = one;
  let power = x8;
  for (let rest = length; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) shift = multiply(power, shift);
    power = multiply(power, power);
  }
  return shift;
}

/** The CRC of `first` followed by the bytes of `second`; `shift` is `crcShift` of the length of the second. */
export function crcJoin(first: number, second: number, shift: number): number {
  return (multiply(shift, first) ^ second) >>> 0;
}

/** x^8; bit 31 stands for x^0. */
const x8 = one >>> 8;

function multiply(left: number, right: number): number {
  let product = 0;
  let factor = right;
  for (let bit = one; bit !== 0; bit >>>= 1) {
    if ((left & bit) !== 0) product ^= factor;
    factor = (factor & 1) === 1 ? (factor >>> 1) ^ polynomial : factor >>> 1;
  }
  return product >>> 0;
}
