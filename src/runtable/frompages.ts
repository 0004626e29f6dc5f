/** Pages of `runs/search` → columns. */
import { CONTRACT } from '../contract';
import type { Run, RunId } from '../mlflow/entities';
import { numberColumn, tableOf, textColumn } from './build';
import { newestFirst } from './edit';
import type { Column, RunTable } from './runtable';
import type { KeyCount, RunKeys } from './source';
import { WantedColumns } from './wanted';

const { tags: OURS, mlflowTags: THEIRS } = CONTRACT;

const FRAME_TEXTS: ReadonlyMap<string, (run: Run) => string | undefined> =
  new Map([
    ['run_id', run => run.runId],
    ['run_name', run => run.runName],
    ['status', run => run.status],
    ['user_id', run => run.userId],
    ['lifecycle_stage', run => run.lifecycleStage],
    ['experiment_id', run => run.experimentId],
    ['parent_run_id', tagReader(THEIRS.parentRunId)],
    ['notebook_id', tagReader(OURS.notebookId)],
    ['notebook_path', tagReader(OURS.notebookPath)],
    ['cell_id', tagReader(OURS.cellId)],
    ['source_name', tagReader(THEIRS.sourceName)],
    ['source_type', tagReader(THEIRS.sourceType)]
  ]);

function tagReader(key: string): (run: Run) => string | undefined {
  return run => run.tags.find(tag => tag.key === key)?.value;
}

/** Gathers pages of runs, each run once, and makes tables of them. */
export class PagedRuns {
  constructor(columns: readonly string[]) {
    this._wanted = new WantedColumns(columns);
  }

  get count(): number {
    return this._runs.size;
  }

  /** A run that came before is replaced: pages shift when a run is added. */
  add(runs: readonly Run[]): void {
    runs.forEach(run => this._runs.set(run.runId, run));
  }

  /** All runs so far, newest first. */
  table(): RunTable {
    const runs = [...this._runs.values()];
    const columns = new Map<string, Column>();
    for (const name of CONTRACT.frameColumns) {
      columns.set(name, frameColumn(name, runs));
    }
    this._addNumbers(columns, runs);
    this._addTexts(columns, runs);
    return newestFirst(tableOf(columns));
  }

  /** The keys that these runs bear. */
  keys(): RunKeys {
    const runs = [...this._runs.values()];
    return {
      metrics: countKeys(runs, run => run.metrics),
      params: countKeys(runs, run => run.params),
      tags: countKeys(runs, run => run.tags)
    };
  }

  private _addNumbers(columns: Map<string, Column>, runs: Run[]): void {
    const cells = new Cells<number>(this._wanted, runs.length);
    runs.forEach((run, row) =>
      run.metrics.forEach(({ key, value }) =>
        cells.set(`metrics.${key}`, row, value)
      )
    );
    cells.values.forEach((values, name) =>
      columns.set(name, numberColumn(values))
    );
  }

  private _addTexts(columns: Map<string, Column>, runs: Run[]): void {
    const cells = new Cells<string>(this._wanted, runs.length);
    runs.forEach((run, row) => {
      run.params.forEach(({ key, value }) =>
        cells.set(`params.${key}`, row, value)
      );
      run.tags.forEach(({ key, value }) =>
        cells.set(`tags.${key}`, row, value)
      );
    });
    cells.values.forEach((values, name) =>
      columns.set(name, textColumn(values))
    );
  }

  private readonly _wanted: WantedColumns;
  private readonly _runs = new Map<RunId, Run>();
}

/** Values of the wanted columns by row. */
class Cells<T> {
  constructor(
    private readonly _wanted: WantedColumns,
    private readonly _rowCount: number
  ) {}

  readonly values = new Map<string, (T | null)[]>();

  set(name: string, row: number, value: T): void {
    let column = this.values.get(name);
    if (!column) {
      if (!this._wanted.has(name)) {
        return;
      }
      column = new Array<T | null>(this._rowCount).fill(null);
      this.values.set(name, column);
    }
    column[row] = value;
  }
}

function frameColumn(name: string, runs: readonly Run[]): Column {
  if (name === 'start_time') {
    return numberColumn(runs.map(run => run.startTimeMs));
  }
  if (name === 'end_time') {
    return numberColumn(runs.map(run => run.endTimeMs));
  }
  const read = FRAME_TEXTS.get(name) ?? (() => null);
  return textColumn(runs.map(read));
}

function countKeys(
  runs: readonly Run[],
  of: (run: Run) => readonly Readonly<{ key: string }>[]
): readonly KeyCount[] {
  const counts = new Map<string, number>();
  for (const run of runs) {
    for (const { key } of of(run)) {
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return [...counts]
    .map(([key, count]) => ({ key, count }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}
