import type {
  Column,
  NumberColumn,
  RunTable,
  TextColumn
} from '../runtable/runtable';
import { wordAt } from '../runtable/runtable';

/** One key of a sort; `column` is a name of the table, or `took`. */
export type SortKey = Readonly<{
  column: string;
  direction: 'ascending' | 'descending';
}>;

/** What is sorted by: a number a row; NaN and `missing` go last. */
export type Ranking = Readonly<{
  values: Float64Array;
  missing: Uint8Array | null;
}>;

/** Below this many rows a comparison sort beats clearing 65,536 counters. */
const RADIX_FROM = 4096;
const DIGITS = 4;
const BUCKETS = 65536;
const newest = new WeakMap<RunTable, Uint32Array>();
const rankings = new WeakMap<TextColumn, Float64Array>();

/**
 * Rows in the order of the keys, the first key foremost. Equal rows keep the
 * order they come in; NaN and then missing values go last in both directions.
 */
export function sortRows(
  table: RunTable,
  rows: Uint32Array,
  keys: readonly SortKey[]
): Uint32Array {
  return [...keys].reverse().reduce((sorted, key) => {
    const ranking = rankingOf(table, key.column);
    return ranking ? sortByRanking(sorted, ranking, key.direction) : sorted;
  }, rows);
}

/** Numbers that order the rows by a column, or null if there is none. */
export function rankingOf(table: RunTable, name: string): Ranking | null {
  if (name === 'took') {
    return tookOf(table);
  }
  const column: Column | undefined = table.columns.get(name);
  if (!column) {
    return null;
  }
  return column.kind === 'number' ? column : rankText(column);
}

/** Rows in the order of a ranking. */
export function sortByRanking(
  rows: Uint32Array,
  ranking: Ranking,
  direction: SortKey['direction']
): Uint32Array {
  return rows.length < RADIX_FROM
    ? sortByComparing(rows, ranking, direction)
    : sortByRadix(rows, ranking, direction);
}

/** Milliseconds that runs took; missing while they run. */
function tookOf(table: RunTable): Ranking | null {
  const start = table.columns.get('start_time');
  const end = table.columns.get('end_time');
  if (start?.kind !== 'number' || end?.kind !== 'number') {
    return null;
  }
  return {
    values: end.values.map((value, row) => value - start.values[row]),
    missing: either(start.missing, end.missing)
  };
}

function either(a: Uint8Array | null, b: Uint8Array | null): Uint8Array | null {
  return a && b ? a.map((missing, row) => missing | b[row]) : (a ?? b);
}

/** Ranks of the words, numeric where every word is a number. */
function rankText(column: TextColumn): Ranking {
  const ranks = rankings.get(column) ?? rankWords(column);
  rankings.set(column, ranks);
  const values = new Float64Array(column.codes.length);
  const missing = new Uint8Array(column.codes.length);
  for (let row = 0; row < values.length; row++) {
    const code = column.codes[row];
    values[row] = code < 0 ? 0 : ranks[code];
    missing[row] = code < 0 ? 1 : 0;
  }
  return { values, missing };
}

function rankWords(column: TextColumn): Float64Array {
  const count = column.offsets.length - 1;
  const words = Array.from({ length: count }, (_, code) =>
    wordAt(column, code)
  );
  if (words.every(isNumeric)) {
    return Float64Array.from(words, Number);
  }
  const ranks = new Float64Array(count);
  const codes = words.map((_, code) => code);
  if (!column.sorted) {
    codes.sort((a, b) => (words[a] < words[b] ? -1 : 1));
  }
  codes.forEach((code, rank) => (ranks[code] = rank));
  return ranks;
}

function isNumeric(word: string): boolean {
  return word.trim() !== '' && !Number.isNaN(Number(word));
}

/** 0 for a number, 1 for NaN, 2 where there is none. */
function lastness(ranking: Ranking, row: number): number {
  if (ranking.missing?.[row]) {
    return 2;
  }
  return Number.isNaN(ranking.values[row]) ? 1 : 0;
}

function sortByComparing(
  rows: Uint32Array,
  ranking: Ranking,
  direction: SortKey['direction']
): Uint32Array {
  const sign = direction === 'ascending' ? 1 : -1;
  const { values } = ranking;
  return rows.slice().sort((a, b) => {
    const last = lastness(ranking, a) - lastness(ranking, b);
    if (last !== 0 || lastness(ranking, a) > 0) {
      return last;
    }
    return values[a] === values[b]
      ? 0
      : sign * (values[a] < values[b] ? -1 : 1);
  });
}

/**
 * The bits of a float, turned so that they ascend as unsigned integers:
 * radix sort then needs no comparison.
 */
function sortableBits(
  rows: Uint32Array,
  ranking: Ranking,
  direction: SortKey['direction']
): Uint16Array {
  const float = new Float64Array(1);
  const words = new Uint32Array(float.buffer);
  const bits = new Uint32Array(rows.length * 2);
  const flip = direction === 'ascending' ? 0 : 0xffffffff;
  for (let i = 0; i < rows.length; i++) {
    // -0 and 0 are equal, so that they stay as they came.
    float[0] = ranking.values[rows[i]] + 0;
    const mask = words[1] >>> 31 ? 0xffffffff : 0;
    bits[2 * i] = (words[0] ^ mask ^ flip) >>> 0;
    bits[2 * i + 1] = (words[1] ^ (mask | 0x80000000) ^ flip) >>> 0;
  }
  return new Uint16Array(bits.buffer);
}

function sortByRadix(
  rows: Uint32Array,
  ranking: Ranking,
  direction: SortKey['direction']
): Uint32Array {
  const [numbers, ...rest] = partition(rows, ranking);
  const bits = sortableBits(numbers, ranking, direction);
  let order = Uint32Array.from(numbers, (_, i) => i);
  let spare = new Uint32Array(numbers.length);
  for (let digit = 0; digit < DIGITS; digit++) {
    if (sortByDigit({ order, into: spare, bits, digit })) {
      [order, spare] = [spare, order];
    }
  }
  const sorted = new Uint32Array(rows.length);
  for (let i = 0; i < order.length; i++) {
    sorted[i] = numbers[order[i]];
  }
  sorted.set(rest[0], numbers.length);
  sorted.set(rest[1], numbers.length + rest[0].length);
  return sorted;
}

/** One pass of a radix sort; false if all have the same digit. */
function sortByDigit(pass: {
  order: Uint32Array;
  into: Uint32Array;
  bits: Uint16Array;
  digit: number;
}): boolean {
  const { order, into, bits, digit } = pass;
  const starts = new Uint32Array(BUCKETS + 1);
  for (let i = 0; i < order.length; i++) {
    starts[bits[i * DIGITS + digit] + 1]++;
  }
  if (order.length > 0 && starts[bits[digit] + 1] === order.length) {
    return false;
  }
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    starts[bucket + 1] += starts[bucket];
  }
  for (let i = 0; i < order.length; i++) {
    into[starts[bits[order[i] * DIGITS + digit]]++] = order[i];
  }
  return true;
}

/** Rows with a number, with NaN, with nothing, each in their order. */
function partition(
  rows: Uint32Array,
  ranking: Ranking
): [Uint32Array, Uint32Array, Uint32Array] {
  const parts = [0, 1, 2].map(() => new Uint32Array(rows.length));
  const counts = [0, 0, 0];
  for (let i = 0; i < rows.length; i++) {
    const part = lastness(ranking, rows[i]);
    parts[part][counts[part]++] = rows[i];
  }
  const [numbers, nan, missing] = parts.map((part, i) =>
    part.subarray(0, counts[i])
  );
  return [numbers, nan, missing];
}

/** Every row, newest first. */
export function newestFirst(table: RunTable): Uint32Array {
  const known = newest.get(table) ?? sortByStart(table);
  newest.set(table, known);
  return known;
}

function sortByStart(table: RunTable): Uint32Array {
  const all = Uint32Array.from({ length: table.rowCount }, (_, row) => row);
  return sortRows(table, all, [
    { column: 'start_time', direction: 'descending' }
  ]);
}

/** A ranking with some rows' values taken from other rows (-1: its own). */
export function withValuesOf(
  column: NumberColumn,
  sources: Int32Array
): Ranking {
  if (!column.missing) {
    return column;
  }
  const values = column.values.slice();
  const missing = column.missing.slice();
  sources.forEach((source, row) => {
    if (source >= 0 && missing[row]) {
      values[row] = column.values[source];
      missing[row] = 0;
    }
  });
  return { values, missing };
}
