import { Signal } from '@lumino/signaling';
import type { Run, RunId } from '../mlflow/entities';
import { TagKeys, tagValue } from '../mlflow/tags';
import { EMPTY_TABLE, numberAt, textAt } from '../runtable/runtable';
import type { RunSelection } from '../runtable/source';
import { rowsBefore } from '../runs/before';
import type { ColumnChoices } from '../runs/chosen';
import { NO_CHOICES } from '../runs/chosen';
import type { RunDifference } from '../runs/diff';
import { diffValues, valuesOfRow, valuesOfRun } from '../runs/diff';
import { nestingOf } from '../runs/tree';
import type { IRunView, ISession } from '../tokens';

/** Another run, by what the table knows of it. */
export type Neighbour = Readonly<{
  runId: RunId;
  runName: string;
  status: string;
  startTimeMs: number | null;
}>;

/** What a run is compared with, and what differs. */
export type Since = Readonly<{ before: Neighbour; difference: RunDifference }>;

/** The runs around one run: those of its notebook, else of its experiment. */
export class Neighbours {
  constructor(
    private readonly _session: ISession,
    private readonly _onChanged: () => void
  ) {}

  /** The view asks nothing while its page is hidden. */
  set isVisible(isVisible: boolean) {
    this._isVisible = isVisible;
    if (this._view) {
      this._view.isVisible = isVisible;
    }
  }

  /** Find the neighbours of a run. */
  follow(run: Run): void {
    const selection = selectionOf(run);
    const key = JSON.stringify(selection);
    if (key !== this._key) {
      this._close();
      this._key = key;
      this._view = this._session.openView(selection);
      this._view.isVisible = this._isVisible;
      this._view.changed.connect(this._onChanged, this);
    }
  }

  /** What changed since the run before, or null where there is none. */
  since(run: Run, choices: ColumnChoices = NO_CHOICES): Since | null {
    const table = this._view?.table;
    const row = table?.rows.get(run.runId);
    if (!table || row === undefined) {
      return null;
    }
    const before = rowsBefore(table).before[row];
    if (before < 0) {
      return null;
    }
    const difference = diffValues(
      valuesOfRow(table, before),
      valuesOfRun(run),
      choices
    );
    return { before: this._neighbour(before), difference };
  }

  /** Child runs, newest first. */
  children(runId: RunId): readonly Neighbour[] {
    const table = this._view?.table;
    const parent = table?.rows.get(runId);
    if (!table || parent === undefined) {
      return [];
    }
    const { parents } = nestingOf(table);
    const rows = Array.from(parents.keys()).filter(
      row => parents[row] === parent
    );
    return rows
      .map(row => this._neighbour(row))
      .sort((a, b) => (b.startTimeMs ?? 0) - (a.startTimeMs ?? 0));
  }

  dispose(): void {
    this._close();
    Signal.clearData(this);
  }

  private _neighbour(row: number): Neighbour {
    const { columns } = this._view?.table ?? EMPTY_TABLE;
    const text = (name: string): string => textAt(columns.get(name), row) ?? '';
    return {
      runId: text('run_id'),
      runName: text('run_name'),
      status: text('status'),
      startTimeMs: numberAt(columns.get('start_time'), row)
    };
  }

  private _close(): void {
    this._view?.changed.disconnect(this._onChanged, this);
    this._view?.dispose();
    this._view = null;
  }

  private _view: IRunView | null = null;
  private _key = '';
  private _isVisible = true;
}

function selectionOf(run: Run): RunSelection {
  const id = tagValue(run.tags, TagKeys.notebookId);
  const path = tagValue(run.tags, TagKeys.notebookPath) ?? '';
  return id
    ? { notebook: { id, path } }
    : { experimentIds: [run.experimentId] };
}
