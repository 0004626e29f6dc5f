/** Sorted dictionaries of words, kept as UTF-8 bytes. */
import type { TextColumn } from './runtable';

type Words = Readonly<{ bytes: Uint8Array; offsets: Uint32Array }>;

const encoder = new TextEncoder();

/** Order of two words by their bytes, as the server sorts them. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    if (a[index] !== b[index]) {
      return a[index] - b[index];
    }
  }
  return a.length - b.length;
}

/** A text column of one value a row; null is missing. */
export function textColumn(
  values: readonly (string | null | undefined)[]
): TextColumn {
  const words: string[] = [];
  const codeOf = new Map<string, number>();
  const codes = new Int32Array(values.length).fill(-1);
  values.forEach((value, row) => {
    if (value === null || value === undefined) {
      return;
    }
    let code = codeOf.get(value);
    if (code === undefined) {
      code = words.push(value) - 1;
      codeOf.set(value, code);
    }
    codes[row] = code;
  });
  const { dictionary, ranks } = sortWords(words);
  return {
    kind: 'text',
    codes: remap(codes, ranks),
    ...dictionary,
    sorted: true
  };
}

/** The same column with its words in ascending order, so that codes rank. */
export function sortedColumn(column: TextColumn): TextColumn {
  if (column.sorted) {
    return column;
  }
  const parts = wordsOf(column);
  const { dictionary, ranks } = packSorted(parts);
  const codes = remap(column.codes, ranks);
  return { kind: 'text', codes, ...dictionary, sorted: true };
}

/** Bytes of every word of a dictionary. */
export function wordsOf({ bytes, offsets }: Words): readonly Uint8Array[] {
  const words: Uint8Array[] = [];
  for (let code = 0; code + 1 < offsets.length; code++) {
    words.push(bytes.subarray(offsets[code], offsets[code + 1]));
  }
  return words;
}

/** True when the words ascend, each once. */
export function isAscending(words: Words): boolean {
  const all = wordsOf(words);
  return all.every(
    (word, code) => code === 0 || compareBytes(all[code - 1], word) < 0
  );
}

/**
 * The column with these words in its dictionary as well, still sorted, and
 * the code of each of them.
 */
export function withWords(
  column: TextColumn,
  words: readonly string[]
): Readonly<{ column: TextColumn; codes: readonly number[] }> {
  const sorted = sortedColumn(column);
  const encoded = words.map(word => encoder.encode(word));
  const absent = encoded.filter(word => find(sorted, word).isAbsent);
  const grown = absent.length > 0 ? insert(sorted, absent) : sorted;
  return {
    column: grown,
    codes: encoded.map(word => find(grown, word).code)
  };
}

/** Code of a word in a sorted dictionary, or -1. */
export function codeOf(column: TextColumn, word: string): number {
  const found = find(sortedColumn(column), encoder.encode(word));
  return found.isAbsent ? -1 : found.code;
}

/** Where a word is, or where it would be. */
function find(
  { bytes, offsets }: Words,
  word: Uint8Array
): { code: number; isAbsent: boolean } {
  let low = 0;
  let high = offsets.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = bytes.subarray(offsets[middle], offsets[middle + 1]);
    const order = compareBytes(other, word);
    if (order === 0) {
      return { code: middle, isAbsent: false };
    }
    if (order < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return { code: low, isAbsent: true };
}

function insert(column: TextColumn, absent: readonly Uint8Array[]): TextColumn {
  const added = [...absent]
    .sort(compareBytes)
    .filter((word, at, all) => at === 0 || compareBytes(all[at - 1], word));
  const words: Uint8Array[] = [];
  const ranks = new Int32Array(column.offsets.length - 1);
  let next = 0;
  wordsOf(column).forEach((word, code) => {
    while (next < added.length && compareBytes(added[next], word) < 0) {
      words.push(added[next++]);
    }
    ranks[code] = words.push(word) - 1;
  });
  words.push(...added.slice(next));
  const codes = remap(column.codes, ranks);
  return { kind: 'text', codes, ...pack(words), sorted: true };
}

function remap(codes: Int32Array, ranks: Int32Array): Int32Array {
  return codes.map(code => (code < 0 ? -1 : ranks[code]));
}

function pack(words: readonly Uint8Array[]): Words {
  const offsets = new Uint32Array(words.length + 1);
  words.forEach((word, code) => {
    offsets[code + 1] = offsets[code] + word.length;
  });
  const bytes = new Uint8Array(offsets[words.length]);
  words.forEach((word, code) => bytes.set(word, offsets[code]));
  return { bytes, offsets };
}

type Sorted = Readonly<{ dictionary: Words; ranks: Int32Array }>;

function packSorted(words: readonly Uint8Array[]): Sorted {
  const order = words.map((_, code) => code);
  order.sort((a, b) => compareBytes(words[a], words[b]));
  return {
    dictionary: pack(order.map(code => words[code])),
    ranks: ranksOf(order)
  };
}

function ranksOf(order: readonly number[]): Int32Array {
  const ranks = new Int32Array(order.length);
  order.forEach((code, rank) => {
    ranks[code] = rank;
  });
  return ranks;
}

function sortWords(words: readonly string[]): Sorted {
  const joined = words.join('');
  // Letter by letter is byte by byte as long as all is ASCII, which it is as
  // a rule; it spares one encoding and slow comparisons for each word.
  if (encoder.encode(joined).length !== joined.length) {
    return packSorted(words.map(word => encoder.encode(word)));
  }
  const order = words.map((_, code) => code);
  order.sort((a, b) => (words[a] < words[b] ? -1 : 1));
  const offsets = new Uint32Array(words.length + 1);
  order.forEach((code, rank) => {
    offsets[rank + 1] = offsets[rank] + words[code].length;
  });
  const bytes = encoder.encode(order.map(code => words[code]).join(''));
  return { dictionary: { bytes, offsets }, ranks: ranksOf(order) };
}
