import type { RunId } from '../mlflow/entities';
import type { Column, RunTable } from '../runtable/runtable';
import { numberAt, textAt } from '../runtable/runtable';

/** Runs of both tables whose status or a metric's value differs. */
export function changedRuns(
  before: RunTable,
  after: RunTable
): readonly RunId[] {
  const names = [...after.columns.keys()].filter(
    name => name === 'status' || name.startsWith('metrics.')
  );
  // Columns that a patch did not touch are the same object.
  const touched = names
    .map(name => [before.columns.get(name), after.columns.get(name)] as const)
    .filter(([old, fresh]) => old !== fresh);
  if (touched.length === 0 || before.rowCount === 0) {
    return [];
  }
  const changed: RunId[] = [];
  for (const [runId, row] of after.rows) {
    const old = before.rows.get(runId);
    const isChanged =
      old !== undefined &&
      touched.some(([a, b]) =>
        differs({ column: a, row: old }, { column: b, row })
      );
    if (isChanged) {
      changed.push(runId);
    }
  }
  return changed;
}

type Place = Readonly<{ column: Column | undefined; row: number }>;

function differs(before: Place, after: Place): boolean {
  return after.column?.kind === 'number'
    ? !Object.is(
        numberAt(before.column, before.row),
        numberAt(after.column, after.row)
      )
    : textAt(before.column, before.row) !== textAt(after.column, after.row);
}

/** Versions whose changed runs are remembered. */
const KEPT = 20;

/** Which runs changed in the last versions of a table. */
export class ChangeLog {
  add(version: number, runIds: readonly RunId[]): void {
    if (runIds.length > 0) {
      this._changes = [...this._changes.slice(1 - KEPT), { version, runIds }];
    }
  }

  /** Runs that changed after a version. */
  since(version: number): ReadonlySet<RunId> {
    const later = this._changes.filter(change => change.version > version);
    return new Set(later.flatMap(change => change.runIds));
  }

  private _changes: readonly Readonly<{
    version: number;
    runIds: readonly RunId[];
  }>[] = [];
}
