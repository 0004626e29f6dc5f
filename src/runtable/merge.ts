import { newestFirst, prependRuns, TableEdit, takeRows } from './edit';
import type { Column, RunTable } from './runtable';
import { numberAt, textAt } from './runtable';
import type { RunSelection } from './source';

type ViewType = RunSelection['viewType'];

/**
 * A table with what a newer answer says of some of its runs: its rows
 * replace or join the older ones. Columns that the newer one lacks stay.
 */
export function mergeTables(older: RunTable, newer: RunTable): RunTable {
  if (older.rowCount === 0) {
    return newer;
  }
  const joining = [...newer.rows.keys()].filter(id => !older.rows.has(id));
  const grown = prependRuns(older, joining);
  const edit = new TableEdit(grown);
  for (const [name, column] of newer.columns) {
    if (name !== 'run_id') {
      writeColumn(edit, { name, column, grown }, newer);
    }
  }
  return newestFirst(edit.finish());
}

type Target = Readonly<{ name: string; column: Column; grown: RunTable }>;

function writeColumn(edit: TableEdit, target: Target, newer: RunTable): void {
  const { name, column, grown } = target;
  for (const [runId, from] of newer.rows) {
    const row = grown.rows.get(runId) as number;
    if (column.kind === 'number') {
      edit.setNumber(name, row, numberAt(column, from));
    } else {
      edit.setText(name, row, textAt(column, from));
    }
  }
}

/** Without the runs whose lifecycle stage a selection leaves out. */
export function inLifecycle(table: RunTable, viewType: ViewType): RunTable {
  const stage = table.columns.get('lifecycle_stage');
  if (viewType === 'ALL' || !stage) {
    return table;
  }
  const isWanted = (row: number): boolean =>
    (textAt(stage, row) === 'deleted') === (viewType === 'DELETED_ONLY');
  const rows: number[] = [];
  for (let row = 0; row < table.rowCount; row++) {
    if (isWanted(row)) {
      rows.push(row);
    }
  }
  return rows.length === table.rowCount ? table : takeRows(table, rows);
}
