import type { RunId } from '../mlflow/entities';
import type { RunTable } from '../runtable/runtable';
import { EMPTY_TABLE, textAt } from '../runtable/runtable';
import type { MetricColumn } from './columns';
import { bestRow, metricColumnOf } from './columns';
import type { Filter } from './filter';
import { matchingRows } from './filter';
import type { Holding } from './holding';
import type { SortKey } from './sort';
import { newestFirst, sortByRanking, sortRows, withValuesOf } from './sort';
import type { Nesting, VisibleRows } from './tree';
import {
  MOST_UNFOLDED_CHILDREN,
  bestChildren,
  nestingOf,
  treeRows,
  withParents
} from './tree';

/** A row of the table; groups will be another kind. */
export type Row = Readonly<{
  kind: 'run';
  runId: RunId;
  /** Its row in the RunTable. */
  rowIndex: number;
  depth: number;
  hasChildren: boolean;
  childCount: number;
  isFolded: boolean;
  /** False for a parent that is shown for the sake of a child only. */
  isMatch: boolean;
  /** RunTable row of the child that is best in the main metric, or -1. */
  bestChild: number;
}>;

/** What an arrangement of rows depends on. */
export type LayoutRequest = Readonly<{
  table: RunTable;
  main: MetricColumn | null;
  filter: Filter;
  sort: readonly SortKey[];
  /** Parents folded or unfolded by the user. */
  folds: ReadonlyMap<RunId, boolean>;
  holding: Holding;
}>;

/** An arrangement of rows, made anew whenever one of its causes changes. */
export type Layout = Readonly<{
  table: RunTable;
  main: MetricColumn | null;
  visible: VisibleRows;
  nesting: Nesting;
  bestChild: Int32Array;
  /** Row of the best value of the main metric, or -1. */
  bestRow: number;
  matches: Uint8Array;
  matchCount: number;
  /** Position of each row among the visible ones; -1 where it is not shown. */
  positions: Int32Array;
  folds: ReadonlyMap<RunId, boolean>;
  matchingIds: () => readonly RunId[];
  hiddenAmong: (runIds: Iterable<RunId>) => number;
}>;

/** Filter, sort, hold, nest: the rows that the table shows. */
export function layOut(request: LayoutRequest): Layout {
  const { table, main, folds } = request;
  const nesting = nestingOf(table);
  const matches = matchingRows(table, request.filter);
  const metric = metricColumnOf(table, main?.key);
  const bestChild = bestChildren(metric, nesting, main?.direction ?? 'higher');
  const shown = withParents(matches, nesting);
  const fresh = sortAll(request, nesting).filter(row => shown[row] === 1);
  const order = request.holding.arrange(table, fresh);
  const base = { table, main, nesting, bestChild, matches, folds };
  const visible = treeRows(order, nesting, row => isRunFolded(base, row));
  return {
    ...base,
    visible,
    bestRow: bestRow(metric, order, main?.direction ?? 'higher'),
    matchCount: matches.reduce((count, match) => count + match, 0),
    positions: positionsOf(visible, table.rowCount),
    matchingIds: () => idsOf(table, order, matches),
    hiddenAmong: runIds => countHidden(table, matches, runIds)
  };
}

/** Every row in order; a parent without a value counts by its best child. */
function sortAll(request: LayoutRequest, nesting: Nesting): Uint32Array {
  const { table, sort } = request;
  const [key, ...others] = sort;
  const metric = key?.column.startsWith('metrics.')
    ? metricColumnOf(table, key.column.slice('metrics.'.length))
    : null;
  if (!metric) {
    return sortRows(table, newestFirst(table), sort);
  }
  const rows = sortRows(table, newestFirst(table), others);
  const direction = key.direction === 'ascending' ? 'lower' : 'higher';
  const best = bestChildren(metric, nesting, direction);
  return sortByRanking(rows, withValuesOf(metric, best), key.direction);
}

/** Is a parent folded: by the user, else by the number of its children? */
export function isRunFolded(
  layout: Pick<Layout, 'table' | 'nesting' | 'matches' | 'folds'>,
  row: number
): boolean {
  const { table, nesting, matches, folds } = layout;
  const count = nesting.childCounts[row];
  if (count === 0) {
    return false;
  }
  const chosen = folds.size > 0 ? folds.get(runIdAt(table, row)) : undefined;
  return chosen ?? (count > MOST_UNFOLDED_CHILDREN && matches[row] === 1);
}

/** The row at a position. */
export function rowOf(layout: Layout, position: number): Row {
  const { table, nesting, visible } = layout;
  const rowIndex = visible.rows[position];
  const childCount = nesting.childCounts[rowIndex];
  return {
    kind: 'run',
    runId: runIdAt(table, rowIndex),
    rowIndex,
    depth: visible.depths[position],
    hasChildren: childCount > 0,
    childCount,
    isFolded: isRunFolded(layout, rowIndex),
    isMatch: layout.matches[rowIndex] === 1,
    bestChild: layout.bestChild[rowIndex]
  };
}

/** Id of the run in a row. */
export function runIdAt(table: RunTable, row: number): RunId {
  return textAt(table.columns.get('run_id'), row) ?? '';
}

function positionsOf(visible: VisibleRows, rowCount: number): Int32Array {
  const positions = new Int32Array(rowCount).fill(-1);
  visible.rows.forEach((row, position) => (positions[row] = position));
  return positions;
}

function idsOf(
  table: RunTable,
  order: Uint32Array,
  matches: Uint8Array
): readonly RunId[] {
  return Array.from(order)
    .filter(row => matches[row])
    .map(row => runIdAt(table, row));
}

function countHidden(
  table: RunTable,
  matches: Uint8Array,
  runIds: Iterable<RunId>
): number {
  let hidden = 0;
  for (const runId of runIds) {
    const row = table.rows.get(runId);
    hidden += row !== undefined && matches[row] ? 0 : 1;
  }
  return hidden;
}

/** The arrangement of no rows. */
export const EMPTY_LAYOUT: Layout = {
  table: EMPTY_TABLE,
  main: null,
  visible: { rows: new Uint32Array(), depths: new Uint8Array() },
  nesting: { parents: new Int32Array(), childCounts: new Uint32Array() },
  bestChild: new Int32Array(),
  bestRow: -1,
  matches: new Uint8Array(),
  matchCount: 0,
  positions: new Int32Array(),
  folds: new Map(),
  matchingIds: () => [],
  hiddenAmong: runIds => [...runIds].length
};
