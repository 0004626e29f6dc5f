import type { NumberColumn, RunTable } from '../runtable/runtable';
import { wordAt } from '../runtable/runtable';
import type { Direction } from './chosen';
import { isBetter, isNumberAt } from './columns';

/** How the runs of a table nest. */
export type Nesting = Readonly<{
  /** Row of each row's parent; -1 for none, or one that is not in the table. */
  parents: Int32Array;
  childCounts: Uint32Array;
}>;

/** Rows as they are drawn, parents with their children below them. */
export type VisibleRows = Readonly<{
  rows: Uint32Array;
  depths: Uint8Array;
}>;

/** A parent of more children is folded at first. */
export const MOST_UNFOLDED_CHILDREN = 10;
const MOST_DEPTH = 255;
const nestings = new WeakMap<RunTable, Nesting>();

/** Parents and numbers of children, from `parent_run_id`. */
export function nestingOf(table: RunTable): Nesting {
  const nesting = nestings.get(table) ?? readNesting(table);
  nestings.set(table, nesting);
  return nesting;
}

function readNesting(table: RunTable): Nesting {
  const parents = new Int32Array(table.rowCount).fill(-1);
  const childCounts = new Uint32Array(table.rowCount);
  const column = table.columns.get('parent_run_id');
  if (column?.kind !== 'text') {
    return { parents, childCounts };
  }
  const rowOfWord = Int32Array.from(
    { length: column.offsets.length - 1 },
    (_, code) => table.rows.get(wordAt(column, code)) ?? -1
  );
  for (let row = 0; row < table.rowCount; row++) {
    const code = column.codes[row];
    const parent = code < 0 ? -1 : rowOfWord[code];
    // A run that names itself, or its own descendant, is a top row.
    if (parent >= 0 && !isAbove(parents, row, parent)) {
      parents[row] = parent;
      childCounts[parent]++;
    }
  }
  return { parents, childCounts };
}

/** Is `row` the same as `other`, or above it? */
function isAbove(parents: Int32Array, row: number, other: number): boolean {
  let at = other;
  for (let depth = 0; at >= 0 && depth <= MOST_DEPTH; depth++) {
    if (at === row) {
      return true;
    }
    at = parents[at];
  }
  return at >= 0;
}

/** Marks the parents of marked rows too, so that no child loses its place. */
export function withParents(matches: Uint8Array, nesting: Nesting): Uint8Array {
  const shown = matches.slice();
  for (let row = 0; row < matches.length; row++) {
    let parent = matches[row] ? nesting.parents[row] : -1;
    while (parent >= 0 && !shown[parent]) {
      shown[parent] = 1;
      parent = nesting.parents[parent];
    }
  }
  return shown;
}

/**
 * Sorted rows with children below their parents, in the same order. A child
 * whose parent is not among the rows is a top row.
 */
export function treeRows(
  sorted: Uint32Array,
  nesting: Nesting,
  isFolded: (row: number) => boolean
): VisibleRows {
  const { parents } = nesting;
  const links = linkChildren(sorted, parents);
  const rows = new Uint32Array(sorted.length);
  const depths = new Uint8Array(sorted.length);
  let count = 0;
  const place = (row: number, depth: number): void => {
    rows[count] = row;
    depths[count++] = Math.min(depth, MOST_DEPTH);
    if (links.first[row] >= 0 && !isFolded(row)) {
      for (let i = links.first[row]; i >= 0; i = links.next[i]) {
        place(sorted[i], depth + 1);
      }
    }
  };
  for (let i = 0; i < sorted.length; i++) {
    const parent = parents[sorted[i]];
    if (parent < 0 || !links.present[parent]) {
      place(sorted[i], 0);
    }
  }
  return { rows: rows.subarray(0, count), depths: depths.subarray(0, count) };
}

/** Lists of children by position in `sorted`, without an array for each. */
function linkChildren(
  sorted: Uint32Array,
  parents: Int32Array
): { first: Int32Array; next: Int32Array; present: Uint8Array } {
  const first = new Int32Array(parents.length).fill(-1);
  const next = new Int32Array(sorted.length).fill(-1);
  const present = new Uint8Array(parents.length);
  for (let i = sorted.length - 1; i >= 0; i--) {
    const row = sorted[i];
    present[row] = 1;
    const parent = parents[row];
    if (parent >= 0) {
      next[i] = first[parent];
      first[parent] = i;
    }
  }
  return { first, next, present };
}

/** For each parent the row of its best child in a metric, else -1. */
export function bestChildren(
  column: NumberColumn | null,
  nesting: Nesting,
  direction: Direction
): Int32Array {
  const best = new Int32Array(nesting.parents.length).fill(-1);
  if (!column) {
    return best;
  }
  for (let row = 0; row < best.length; row++) {
    const parent = nesting.parents[row];
    if (parent < 0 || !isNumberAt(column, row)) {
      continue;
    }
    const value = column.values[row];
    if (
      best[parent] < 0 ||
      isBetter(value, column.values[best[parent]], direction)
    ) {
      best[parent] = row;
    }
  }
  return best;
}
