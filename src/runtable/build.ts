import type { RunId } from '../mlflow/entities';
import { textColumn } from './dictionary';
import type { Column, NumberColumn, RunTable, TextColumn } from './runtable';
import { wordAt } from './runtable';

export { textColumn } from './dictionary';

/** A number column of one value a row; null is missing, NaN is NaN. */
export function numberColumn(
  values: readonly (number | null | undefined)[]
): NumberColumn {
  const numbers = new Float64Array(values.length);
  const missing = new Uint8Array(values.length);
  let count = 0;
  for (let row = 0; row < values.length; row++) {
    const value = values[row] ?? null;
    numbers[row] = value ?? NaN;
    if (value === null) {
      missing[row] = 1;
      count += 1;
    }
  }
  return { kind: 'number', values: numbers, missing: count ? missing : null };
}

/** A column in which every value is missing. */
export function emptyColumn(kind: Column['kind'], rowCount: number): Column {
  return kind === 'number'
    ? {
        kind,
        values: new Float64Array(rowCount).fill(NaN),
        missing: new Uint8Array(rowCount).fill(1)
      }
    : {
        kind,
        codes: new Int32Array(rowCount).fill(-1),
        bytes: new Uint8Array(0),
        offsets: new Uint32Array(1),
        sorted: true
      };
}

/** A table of columns of equal length, one of which is `run_id`. */
export function tableOf(columns: ReadonlyMap<string, Column>): RunTable {
  const ids = columns.get('run_id');
  if (ids?.kind !== 'text') {
    throw new Error('A table of runs needs the column run_id.');
  }
  return { rowCount: ids.codes.length, columns, rows: rowIndex(ids) };
}

/** A table of plain values, for tests and for small answers. */
export function tableOfValues(
  values: Readonly<Record<string, readonly (string | number | null)[]>>
): RunTable {
  const columns = new Map<string, Column>();
  for (const [name, column] of Object.entries(values)) {
    const isText = column.some(value => typeof value === 'string');
    columns.set(
      name,
      isText || name === 'run_id'
        ? textColumn(column as readonly (string | null)[])
        : numberColumn(column as readonly (number | null)[])
    );
  }
  return tableOf(columns);
}

/** Row of each run id. */
export function rowIndex(ids: TextColumn): ReadonlyMap<RunId, number> {
  const words: string[] = [];
  for (let code = 0; code + 1 < ids.offsets.length; code++) {
    words.push(wordAt(ids, code));
  }
  const rows = new Map<RunId, number>();
  for (let row = 0; row < ids.codes.length; row++) {
    if (ids.codes[row] >= 0) {
      rows.set(words[ids.codes[row]], row);
    }
  }
  return rows;
}
