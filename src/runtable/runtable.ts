import type { RunId } from '../mlflow/entities';

/**
 * Numbers of one column, one a row. A missing value is told from NaN by
 * `missing` (1 where there is none; null when none is missing).
 */
export type NumberColumn = Readonly<{
  kind: 'number';
  values: Float64Array;
  missing: Uint8Array | null;
}>;

/**
 * Strings of one column as codes into a dictionary that stays UTF-8 bytes
 * until a cell is drawn: word `c` is `bytes[offsets[c]..offsets[c + 1]]`.
 */
export type TextColumn = Readonly<{
  kind: 'text';
  /** One a row; -1 where there is no value. */
  codes: Int32Array;
  bytes: Uint8Array;
  /** One more than there are words. */
  offsets: Uint32Array;
  /** True when words ascend, so that a code is a rank. */
  sorted: boolean;
}>;

export type Column = NumberColumn | TextColumn;

/**
 * Runs as columns. Names are those of the route `runs-table`: the frame
 * (`run_id`, `status`, …, contract.json), then `metrics.<key>`,
 * `params.<key>`, `tags.<key>`. Times are milliseconds since 1970.
 */
export type RunTable = Readonly<{
  rowCount: number;
  columns: ReadonlyMap<string, Column>;
  /** Row of each run. */
  rows: ReadonlyMap<RunId, number>;
}>;

/** A table without rows or columns. */
export const EMPTY_TABLE: RunTable = {
  rowCount: 0,
  columns: new Map(),
  rows: new Map()
};

const decoder = new TextDecoder();

/** Text of a column in a row, or null where there is none. */
export function textAt(column: Column | undefined, row: number): string | null {
  if (!column || column.kind !== 'text') {
    return null;
  }
  const code = column.codes[row];
  return code < 0 ? null : wordAt(column, code);
}

/** Word of a dictionary by its code. */
export function wordAt(column: TextColumn, code: number): string {
  const { bytes, offsets } = column;
  return decoder.decode(bytes.subarray(offsets[code], offsets[code + 1]));
}

/** Number of a column in a row, or null where there is none. */
export function numberAt(
  column: Column | undefined,
  row: number
): number | null {
  if (!column || column.kind !== 'number' || column.missing?.[row]) {
    return null;
  }
  return column.values[row];
}
