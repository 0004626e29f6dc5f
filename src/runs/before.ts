import type { RunTable } from '../runtable/runtable';
import { newestFirst } from './sort';
import { nestingOf } from './tree';

/** For each row the row of the run that it is compared with; -1 for none. */
export type RowsBefore = Readonly<{
  /** The run before it: of the same cell, else of the notebook; of a child, its sibling. */
  before: Int32Array;
  /** 1 where that run is of the same cell, or a sibling. */
  isSameCell: Uint8Array;
  /** For the first of several siblings the one after it; else as `before`. */
  compared: Int32Array;
}>;

const known = new WeakMap<RunTable, RowsBefore>();

/** Which run came before each run. */
export function rowsBefore(table: RunTable): RowsBefore {
  const rows = known.get(table) ?? findRowsBefore(table);
  known.set(table, rows);
  return rows;
}

function findRowsBefore(table: RunTable): RowsBefore {
  const before = new Int32Array(table.rowCount).fill(-1);
  const isSameCell = new Uint8Array(table.rowCount);
  const groups = groupsOf(table);
  const lastOfCell = new Map<string, number>();
  const lastOfNotebook = new Map<string, number>();
  const oldestFirst = newestFirst(table).slice().reverse();
  for (const row of oldestFirst) {
    const { cell, notebook } = groups(row);
    const near = cell === null ? undefined : lastOfCell.get(cell);
    before[row] = near ?? lastOfNotebook.get(notebook) ?? -1;
    isSameCell[row] = near === undefined ? 0 : 1;
    lastOfNotebook.set(notebook, row);
    if (cell !== null) {
      lastOfCell.set(cell, row);
    }
  }
  return { before, isSameCell, compared: withNextSiblings(table, before) };
}

/** Names of the cell and the notebook of a row, in codes. */
function groupsOf(
  table: RunTable
): (row: number) => Readonly<{ cell: string | null; notebook: string }> {
  const { parents } = nestingOf(table);
  const code = (name: string, row: number): number => {
    const column = table.columns.get(name);
    return column?.kind === 'text' ? column.codes[row] : -1;
  };
  const origins = ['notebook_id', 'notebook_path', 'source_name'];
  return row => {
    if (parents[row] >= 0) {
      // Children are compared with each other, never with what ran before.
      const siblings = `parent ${parents[row]}`;
      return { cell: siblings, notebook: siblings };
    }
    const origin =
      origins.find(name => code(name, row) >= 0) ?? 'experiment_id';
    const notebook = `${origin} ${code(origin, row)}`;
    const cell = code('cell_id', row);
    return { notebook, cell: cell < 0 ? null : `${notebook} ${cell}` };
  };
}

function withNextSiblings(table: RunTable, before: Int32Array): Int32Array {
  const { parents } = nestingOf(table);
  const compared = before.slice();
  before.forEach((other, row) => {
    if (other >= 0 && parents[row] >= 0 && before[other] < 0) {
      compared[other] = row;
    }
  });
  return compared;
}
