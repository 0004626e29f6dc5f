import {
  decimalsFor,
  formatAge,
  formatDuration,
  formatElapsed,
  formatNumber
} from '../base/format';
import type { NumberColumn, RunTable } from '../runtable/runtable';
import { numberAt, textAt } from '../runtable/runtable';
import { changedOf } from './changed';
import type { Row } from './layout';
import type { Translate } from './texts';
import { changedText } from './texts';

/** What cells are written with. */
export type CellContext = Readonly<{
  table: RunTable;
  nowMs: number;
  trans: Translate;
}>;

const decimals = new WeakMap<NumberColumn, number>();

/** Decimals that the numbers of a column share. */
export function decimalsOf(column: NumberColumn): number {
  const known = decimals.get(column) ?? decimalsFor(presentValues(column));
  decimals.set(column, known);
  return known;
}

function* presentValues({ values, missing }: NumberColumn): Iterable<number> {
  for (let row = 0; row < values.length; row++) {
    if (!missing?.[row]) {
      yield values[row];
    }
  }
}

/**
 * Text of a cell. Columns are the table's names, and `took`, `changed`;
 * `start_time` is shown as an age, a running run's as a clock.
 */
export function cellText(
  context: CellContext,
  row: Row,
  column: string
): string {
  const { table, trans } = context;
  switch (column) {
    case 'changed':
      return changedText(changedOf(table, row.rowIndex), trans);
    case 'took':
      return tookText(context, row.rowIndex);
    case 'start_time':
      return ageText(context, row.rowIndex);
    default:
      return valueText(table, row, column);
  }
}

/** Value of a metric in a row; of a parent without one, its best child's. */
export function cellNumber(
  table: RunTable,
  row: Row,
  column: string
): number | null {
  const values = table.columns.get(column);
  const own = numberAt(values, row.rowIndex);
  return own === null && row.bestChild >= 0
    ? numberAt(values, row.bestChild)
    : own;
}

/** Is the run of a row going, as far as the store knows? */
export function isRunning(table: RunTable, rowIndex: number): boolean {
  return textAt(table.columns.get('status'), rowIndex) === 'RUNNING';
}

function valueText(table: RunTable, row: Row, name: string): string {
  const column = table.columns.get(name);
  if (column?.kind === 'number') {
    const places = name.startsWith('metrics.') ? decimalsOf(column) : undefined;
    return formatNumber(cellNumber(table, row, name), places);
  }
  return textAt(column, row.rowIndex) ?? '–';
}

function tookText(context: CellContext, rowIndex: number): string {
  const { table, nowMs } = context;
  const start = numberAt(table.columns.get('start_time'), rowIndex);
  const end = numberAt(table.columns.get('end_time'), rowIndex);
  if (start === null) {
    return '–';
  }
  if (end !== null) {
    return formatDuration(end - start);
  }
  return isRunning(table, rowIndex) ? formatElapsed(nowMs - start) : '–';
}

function ageText(context: CellContext, rowIndex: number): string {
  const { table, nowMs } = context;
  const start = numberAt(table.columns.get('start_time'), rowIndex);
  return formatAge(start, nowMs);
}
