import type { RunId } from '../mlflow/entities';
import { emptyColumn, rowIndex } from './build';
import { withWords } from './dictionary';
import type { Column, NumberColumn, RunTable, TextColumn } from './runtable';

type Numbers = { values: Float64Array; missing: Uint8Array };
type Texts = { rows: number[]; words: (string | null)[] };

/**
 * Changes to a table, collected, then made at once: a column is copied once
 * however many of its values change, and not at all if none does.
 */
export class TableEdit {
  constructor(private readonly _table: RunTable) {}

  /** Write a number; null makes it missing. */
  setNumber(name: string, row: number, value: number | null): void {
    const numbers = this._numbersOf(name);
    if (numbers) {
      numbers.values[row] = value ?? NaN;
      numbers.missing[row] = value === null ? 1 : 0;
    }
  }

  /** Write the number that a text spells, where there is such a column. */
  setNumberIfThere(name: string, row: number, text: string): void {
    if (this._table.columns.has(name)) {
      const number = text.trim() === '' ? NaN : Number(text);
      this.setNumber(name, row, Number.isNaN(number) ? null : number);
    }
  }

  /** Write a text; null makes it missing. */
  setText(name: string, row: number, value: string | null): void {
    const column = this._table.columns.get(name);
    if (column?.kind === 'number') {
      return;
    }
    let texts = this._texts.get(name);
    if (!texts) {
      texts = { rows: [], words: [] };
      this._texts.set(name, texts);
    }
    texts.rows.push(row);
    texts.words.push(value);
  }

  /** The changed table; the one given is as it was. */
  finish(): RunTable {
    if (this._numbers.size === 0 && this._texts.size === 0) {
      return this._table;
    }
    const columns = new Map(this._table.columns);
    for (const [name, { values, missing }] of this._numbers) {
      const isWhole = !missing.includes(1);
      const column: NumberColumn = {
        kind: 'number',
        values,
        missing: isWhole ? null : missing
      };
      columns.set(name, column);
    }
    for (const [name, texts] of this._texts) {
      const column = columns.get(name) ?? this._empty('text');
      columns.set(name, writeTexts(column as TextColumn, texts));
    }
    return { ...this._table, columns };
  }

  private _numbersOf(name: string): Numbers | null {
    const known = this._numbers.get(name);
    if (known) {
      return known;
    }
    const column = this._table.columns.get(name) ?? this._empty('number');
    if (column.kind !== 'number') {
      return null;
    }
    const { rowCount } = this._table;
    const numbers = {
      values: column.values.slice(),
      missing: column.missing?.slice() ?? new Uint8Array(rowCount)
    };
    this._numbers.set(name, numbers);
    return numbers;
  }

  private _empty(kind: Column['kind']): Column {
    return emptyColumn(kind, this._table.rowCount);
  }

  private _numbers = new Map<string, Numbers>();
  private _texts = new Map<string, Texts>();
}

function writeTexts(column: TextColumn, texts: Texts): TextColumn {
  const words = texts.words.filter((word): word is string => word !== null);
  const grown = withWords(column, words);
  const codes = grown.column.codes.slice();
  let next = 0;
  texts.words.forEach((word, index) => {
    codes[texts.rows[index]] = word === null ? -1 : grown.codes[next++];
  });
  return { ...grown.column, codes };
}

/** The table with rows in front that have a run id and nothing else yet. */
export function prependRuns(
  table: RunTable,
  runIds: readonly RunId[]
): RunTable {
  if (runIds.length === 0) {
    return table;
  }
  const rowCount = table.rowCount + runIds.length;
  const columns = new Map<string, Column>();
  for (const [name, column] of table.columns) {
    columns.set(name, prepended(column, runIds.length));
  }
  const ids = (columns.get('run_id') ??
    emptyColumn('text', rowCount)) as TextColumn;
  const texts = { rows: runIds.map((_, row) => row), words: [...runIds] };
  const idColumn = writeTexts(ids, texts);
  columns.set('run_id', idColumn);
  return { rowCount, columns, rows: rowIndex(idColumn) };
}

function prepended(column: Column, count: number): Column {
  if (column.kind === 'text') {
    const codes = new Int32Array(column.codes.length + count).fill(
      -1,
      0,
      count
    );
    codes.set(column.codes, count);
    return { ...column, codes };
  }
  const values = new Float64Array(column.values.length + count);
  values.fill(NaN, 0, count).set(column.values, count);
  const missing = new Uint8Array(values.length).fill(1, 0, count);
  if (column.missing) {
    missing.set(column.missing, count);
  }
  return { kind: 'number', values, missing };
}

/** These rows of a table, in this order. */
export function takeRows(table: RunTable, rows: ArrayLike<number>): RunTable {
  const columns = new Map<string, Column>();
  for (const [name, column] of table.columns) {
    columns.set(name, takenOf(column, rows));
  }
  const ids = columns.get('run_id');
  const index = ids?.kind === 'text' ? rowIndex(ids) : new Map();
  return { rowCount: rows.length, columns, rows: index };
}

function takenOf(column: Column, rows: ArrayLike<number>): Column {
  if (column.kind === 'text') {
    const codes = Int32Array.from(rows, row => column.codes[row]);
    return { ...column, codes };
  }
  const { missing } = column;
  return {
    kind: 'number',
    values: Float64Array.from(rows, row => column.values[row]),
    missing: missing && Uint8Array.from(rows, row => missing[row])
  };
}

/** The table newest first: by start time, unknown times in front. */
export function newestFirst(table: RunTable): RunTable {
  const column = table.columns.get('start_time');
  if (column?.kind !== 'number') {
    return table;
  }
  const times = column.values.map((time, row) =>
    column.missing?.[row] ? Infinity : time
  );
  if (times.every((time, row) => row === 0 || times[row - 1] >= time)) {
    return table;
  }
  const rows = Array.from(times, (_, row) => row);
  rows.sort((a, b) => (times[a] === times[b] ? a - b : times[b] - times[a]));
  return takeRows(table, rows);
}
