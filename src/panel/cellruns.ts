import type { RunId } from '../mlflow/entities';
import { newestFirst } from '../runs/sort';
import type { RunTable } from '../runtable/runtable';
import { textAt } from '../runtable/runtable';

/** Runs of a cell, newest first. */
export function runsOfCell(table: RunTable, cellId: string): readonly RunId[] {
  const cells = table.columns.get('cell_id');
  const ids = table.columns.get('run_id');
  const found: RunId[] = [];
  for (const row of newestFirst(table)) {
    if (textAt(cells, row) === cellId) {
      found.push(textAt(ids, row) ?? '');
    }
  }
  return found;
}
