import type { RunTable } from '../runtable/runtable';
import { numberAt, textAt } from '../runtable/runtable';

/** The notebook that is asked about. */
export type NotebookPlace = Readonly<{ id: string; path: string }>;

/** What a run says of the notebook that made it. */
export type RunOrigin = Readonly<{
  notebookId: string | null;
  notebookPath: string | null;
}>;

/**
 * Does a run belong to a notebook? By the id that it carries; by the path
 * only where it carries none.
 */
export function belongsTo(run: RunOrigin, notebook: NotebookPlace): boolean {
  return run.notebookId
    ? run.notebookId === notebook.id
    : run.notebookPath !== null && run.notebookPath === notebook.path;
}

/** Rows of the runs of each cell, newest first; deleted runs are left out. */
export function rowsByCell(
  table: RunTable
): ReadonlyMap<string, readonly number[]> {
  const cellIds = table.columns.get('cell_id');
  const stages = table.columns.get('lifecycle_stage');
  const parents = table.columns.get('parent_run_id');
  const rows = new Map<string, number[]>();
  for (let row = 0; row < table.rowCount; row++) {
    const cellId = textAt(cellIds, row);
    // Child runs stand for their parent: a sweep of 500 is one run of its cell.
    const isCounted =
      textAt(stages, row) !== 'deleted' && !hasParentHere(table, parents, row);
    if (cellId && isCounted) {
      const known = rows.get(cellId);
      if (known) {
        known.push(row);
      } else {
        rows.set(cellId, [row]);
      }
    }
  }
  return sortedByStart(table, rows);
}

function hasParentHere(
  table: RunTable,
  parents: Parameters<typeof textAt>[0],
  row: number
): boolean {
  const parent = textAt(parents, row);
  return parent !== null && table.rows.has(parent);
}

function sortedByStart(
  table: RunTable,
  rows: ReadonlyMap<string, number[]>
): ReadonlyMap<string, readonly number[]> {
  const starts = table.columns.get('start_time');
  const start = (row: number): number => numberAt(starts, row) ?? 0;
  rows.forEach(ofCell => ofCell.sort((a, b) => start(b) - start(a)));
  return rows;
}
