/** First 32 bits of the fractional parts of roots of the first primes. */
const ROOTS: readonly (readonly [number, number])[] = primes(64).map(prime => [
  fraction(Math.cbrt(prime)),
  fraction(Math.sqrt(prime))
]);

/**
 * Hash of a cell's source as the kernel takes it: the first 16 hexadecimal
 * digits of SHA-256. Computed here, since the browser's own is missing on
 * addresses without TLS, and a cell is short.
 */
export function cellHash(source: string): string {
  const [high, low] = sha256(new TextEncoder().encode(source));
  return hex(high) + hex(low);
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}

function sha256(bytes: Uint8Array): Uint32Array {
  const state = Uint32Array.from(ROOTS.slice(0, 8), ([, square]) => square);
  const padded = pad(bytes);
  for (let start = 0; start < padded.byteLength; start += 64) {
    compress(state, new DataView(padded.buffer, start, 64));
  }
  return state;
}

/** The bytes, a one bit, zeros, and the length in bits. */
function pad(bytes: Uint8Array): Uint8Array {
  const padded = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 2 ** 29));
  view.setUint32(padded.length - 4, bytes.length << 3);
  return padded;
}

function compress(state: Uint32Array, block: DataView): void {
  const words = schedule(block);
  let [a, b, c, d, e, f, g, h] = state;
  for (let round = 0; round < 64; round++) {
    const mixed = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
    const chosen = (e & f) ^ (~e & g);
    const first = (h + mixed + chosen + ROOTS[round][0] + words[round]) | 0;
    const major = (a & b) ^ (a & c) ^ (b & c);
    const second = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + major;
    [h, g, f, e] = [g, f, e, (d + first) | 0];
    [d, c, b, a] = [c, b, a, (first + second) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, index) => (state[index] += word));
}

function schedule(block: DataView): Int32Array {
  const words = new Int32Array(64);
  for (let index = 0; index < 16; index++) {
    words[index] = block.getInt32(index * 4);
  }
  for (let index = 16; index < 64; index++) {
    const far = words[index - 15];
    const near = words[index - 2];
    const early = turn(far, 7) ^ turn(far, 18) ^ (far >>> 3);
    const late = turn(near, 17) ^ turn(near, 19) ^ (near >>> 10);
    words[index] = words[index - 16] + early + words[index - 7] + late;
  }
  return words;
}

function turn(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}

function fraction(root: number): number {
  return ((root - Math.floor(root)) * 2 ** 32) | 0;
}

function primes(count: number): readonly number[] {
  const found: number[] = [];
  for (let number = 2; found.length < count; number++) {
    if (found.every(prime => number % prime !== 0)) {
      found.push(number);
    }
  }
  return found;
}
