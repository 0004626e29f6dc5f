import type { Column, RunTable } from '../runtable/runtable';
import { numberAt, textAt } from '../runtable/runtable';
import { isTwin } from '../runtable/twins';
import { metricClass } from './columns';

/** Keys that say something, and those folded away. */
export type KeySplit = Readonly<{
  shown: readonly string[];
  folded: readonly string[];
}>;

/** What differs between rows, and what is “equal in all”. */
export type Folding = Readonly<{ metrics: KeySplit; params: KeySplit }>;

/**
 * Splits the keys that any of the rows bears: folded is what is equal in all
 * of them, and metrics of training beside one of a test.
 */
export function foldEqual(table: RunTable, rows: readonly number[]): Folding {
  const metrics = borneColumns(table, 'metrics.', rows);
  const isTested = metrics.some(([key]) => metricClass(key) === 0);
  return {
    metrics: split(
      metrics,
      ([key, column]) =>
        isEqual(column, rows) || (isTested && metricClass(key) === 2)
    ),
    params: split(borneColumns(table, 'params.', rows), ([, column]) =>
      isEqual(column, rows)
    )
  };
}

type Named = readonly [key: string, column: Column];

function split(
  columns: readonly Named[],
  isFolded: (named: Named) => boolean
): KeySplit {
  const keys = (wanted: boolean): readonly string[] =>
    columns.filter(named => isFolded(named) === wanted).map(([key]) => key);
  return { shown: keys(false), folded: keys(true) };
}

function borneColumns(
  table: RunTable,
  prefix: string,
  rows: readonly number[]
): readonly Named[] {
  return [...table.columns]
    .filter(
      ([name, column]) =>
        name.startsWith(prefix) &&
        !isTwin(name, column) &&
        rows.some(row => valueAt(column, row) !== null)
    )
    .map(([name, column]): Named => [name.slice(prefix.length), column])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function isEqual(column: Column, rows: readonly number[]): boolean {
  // One run alone has nothing that it could be equal to.
  return (
    rows.length > 1 &&
    rows.every(row => Object.is(valueAt(column, row), valueAt(column, rows[0])))
  );
}

function valueAt(column: Column, row: number): string | number | null {
  return column.kind === 'number' ? numberAt(column, row) : textAt(column, row);
}
