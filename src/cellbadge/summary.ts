import { rowsByCell } from '../association/rules';
import { formatNumber } from '../base/format';
import { CONTRACT } from '../contract';
import type { RunId } from '../mlflow/entities';
import { decimalsOf } from '../runs/celltext';
import type { ColumnChoices } from '../runs/chosen';
import { NO_CHOICES } from '../runs/chosen';
import { mainMetric, metricColumnOf } from '../runs/columns';
import type { Translate } from '../runs/texts';
import type { NumberColumn, RunTable } from '../runtable/runtable';
import { numberAt, textAt } from '../runtable/runtable';
import type { RunKeys } from '../runtable/source';

/** The runs of one cell, as its badge says them. */
export type CellRuns = Readonly<{
  runCount: number;
  latestRunId: RunId;
  /** Status of the latest run, as MLflow writes it. */
  status: string;
  /** Main metric of the latest run, or null. */
  value: string | null;
  /** Hash of the cell's source as the latest run found it, or null. */
  cellHash: string | null;
}>;

const MARKS: Readonly<Record<string, string>> = {
  RUNNING: '◐',
  FINISHED: '✓',
  FAILED: '✕',
  KILLED: '■'
};

/** The runs of each cell that has any, by cell id. */
export function summarize(
  table: RunTable,
  keys: RunKeys,
  choices: ColumnChoices = NO_CHOICES
): ReadonlyMap<string, CellRuns> {
  const metric = metricColumnOf(table, mainMetric(table, keys, choices)?.key);
  const columns = table.columns;
  const hashes = columns.get(`tags.${CONTRACT.tags.cellHash}`);
  const cells = new Map<string, CellRuns>();
  for (const [cellId, rows] of rowsByCell(table)) {
    const latest = rows[0];
    cells.set(cellId, {
      runCount: rows.length,
      latestRunId: textAt(columns.get('run_id'), latest) ?? '',
      status: textAt(columns.get('status'), latest) ?? '',
      value: metricText(metric, latest),
      cellHash: textAt(hashes, latest)
    });
  }
  return cells;
}

function metricText(column: NumberColumn | null, row: number): string | null {
  const value = column && numberAt(column, row);
  return column && value !== null
    ? formatNumber(value, decimalsOf(column))
    : null;
}

/** Text of a badge: `3 runs · 0.9759 ✓ · edited since`. */
export function badgeText(
  runs: CellRuns,
  isEdited: boolean,
  trans: Translate
): string {
  const mark = MARKS[runs.status] ?? '';
  const latest = [runs.value, mark].filter(Boolean).join(' ');
  const parts = [
    trans._n('%1 run', '%1 runs', runs.runCount),
    latest,
    isEdited ? trans.__('edited since') : ''
  ];
  return parts.filter(part => part !== '').join(' · ');
}
