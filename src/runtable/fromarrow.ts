/** Arrow IPC → columns. Arrow itself is a chunk loaded with the first table. */
import type { Data, Dictionary, Table, Utf8, Vector } from 'apache-arrow';
import type { HistoryPoint, MetricHistory } from '../mlflow/entities';
import { numberColumn, tableOf, textColumn } from './build';
import { isAscending, sortedColumn } from './dictionary';
import type { Column, NumberColumn, RunTable, TextColumn } from './runtable';
import { numberAt, textAt } from './runtable';

/** A table as the route `runs-table` sends it, with its schema's metadata. */
export type ArrowRuns = Readonly<{
  table: RunTable;
  /** For the next request; null where the server gives none. */
  cursor: string | null;
  /** Other entries of the schema's metadata. */
  metadata: ReadonlyMap<string, string>;
}>;

/** Runs out of an Arrow IPC stream. */
export async function runsFromArrow(bytes: ArrayBuffer): Promise<ArrowRuns> {
  const arrow = await readArrow(bytes);
  const metadata = arrow.schema.metadata;
  return {
    table: tableOf(columnsOf(arrow)),
    cursor: metadata.get('cursor') || null,
    metadata
  };
}

/** Curves out of an Arrow IPC stream of `run_id, key, step, timestamp, value`. */
export async function historiesFromArrow(
  bytes: ArrayBuffer
): Promise<readonly MetricHistory[]> {
  const columns = columnsOf(await readArrow(bytes));
  const ids = columns.get('run_id');
  const keys = columns.get('key');
  const curves = new Map<string, MetricHistory & { points: HistoryPoint[] }>();
  const rowCount = lengthOf(columns.get('value'));
  for (let row = 0; row < rowCount; row++) {
    const runId = textAt(ids, row) ?? '';
    const key = textAt(keys, row) ?? '';
    const name = `${runId} ${key}`;
    const curve = curves.get(name) ?? { runId, key, points: [] };
    curves.set(name, curve);
    curve.points.push(pointAt(columns, row));
  }
  return [...curves.values()];
}

function pointAt(
  columns: ReadonlyMap<string, Column>,
  row: number
): HistoryPoint {
  return {
    step: numberAt(columns.get('step'), row) ?? 0,
    timestampMs: numberAt(columns.get('timestamp'), row) ?? 0,
    value: numberAt(columns.get('value'), row) ?? NaN
  };
}

function lengthOf(column: Column | undefined): number {
  return column?.kind === 'number'
    ? column.values.length
    : (column?.codes.length ?? 0);
}

async function readArrow(bytes: ArrayBuffer): Promise<Table> {
  const { tableFromIPC } = await import('apache-arrow');
  return tableFromIPC(new Uint8Array(bytes));
}

function columnsOf(arrow: Table): ReadonlyMap<string, Column> {
  const columns = new Map<string, Column>();
  for (const { name } of arrow.schema.fields) {
    const vector = arrow.getChild(name);
    if (vector) {
      columns.set(name, columnOf(vector));
    }
  }
  return columns;
}

// Arrow's type ids, so that the module itself stays out of the entry chunk.
const DICTIONARY = -1;
const TEXTS: readonly number[] = [5, 20];
const INTEGER = 2;
const FLOAT = 3;
const TIMES: readonly number[] = [8, 10];

function columnOf(vector: Vector): Column {
  const { typeId } = vector.type as { typeId: number };
  if (typeId === DICTIONARY) {
    return dictionaryColumn(vector as Vector<Dictionary<Utf8>>);
  }
  if (TEXTS.includes(typeId)) {
    return textColumn(Array.from(vector, value => value as string | null));
  }
  return typeId === INTEGER || typeId === FLOAT || TIMES.includes(typeId)
    ? numbersOf(vector)
    : numberColumn(Array.from(vector, value => Number(value)));
}

function dictionaryColumn(vector: Vector<Dictionary<Utf8>>): TextColumn {
  const [first, ...others] = vector.data;
  const isOne = first?.dictionary?.data.length === 1;
  const isShared = others.every(data => data.dictionary === first.dictionary);
  if (!isOne || !isShared) {
    return textColumn(Array.from(vector, value => value as string | null));
  }
  const codes = new Int32Array(vector.length);
  let start = 0;
  for (const data of vector.data) {
    copyCodes(data, codes.subarray(start, start + data.length));
    start += data.length;
  }
  return sortedColumn({ kind: 'text', codes, ...wordsIn(first) });
}

function copyCodes(data: Data<Dictionary<Utf8>>, codes: Int32Array): void {
  codes.set(data.values.subarray(0, data.length));
  if (data.nullCount > 0) {
    for (let row = 0; row < data.length; row++) {
      codes[row] = isValid(data, row) ? codes[row] : -1;
    }
  }
}

function wordsIn(
  data: Data<Dictionary<Utf8>>
): Pick<TextColumn, 'bytes' | 'offsets' | 'sorted'> {
  const words = data.dictionary?.data[0] as Data<Utf8>;
  const from = words.valueOffsets[0] ?? 0;
  const bounds = words.valueOffsets.subarray(0, words.length + 1);
  const offsets = Uint32Array.from(bounds, offset => offset - from);
  const end = from + (offsets[words.length] ?? 0);
  // A copy: a view would keep the whole answer, and IndexedDB would store it.
  const bytes = words.values.slice(from, end);
  const dictionary = {
    bytes,
    offsets: offsets.length ? offsets : new Uint32Array(1)
  };
  return { ...dictionary, sorted: isAscending(dictionary) };
}

function isValid(data: Data, row: number): boolean {
  const bit = data.offset + row;
  return (data.nullBitmap[bit >> 3] & (1 << (bit & 7))) !== 0;
}

type Values = Float64Array | Int32Array | BigInt64Array;

function numbersOf(vector: Vector): NumberColumn {
  const values = new Float64Array(vector.length);
  const missing = vector.nullCount ? new Uint8Array(vector.length) : null;
  let start = 0;
  for (const data of vector.data) {
    const source = data.values as Values;
    for (let row = 0; row < data.length; row++) {
      const isThere = data.nullCount === 0 || isValid(data, row);
      values[start + row] = isThere ? Number(source[row]) : NaN;
      if (missing && !isThere) {
        missing[start + row] = 1;
      }
    }
    start += data.length;
  }
  return { kind: 'number', values, missing };
}
