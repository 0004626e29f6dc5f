import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { RunId } from '../mlflow/entities';
import type { FilterProblem } from '../mlflow/filter';
import { FilterError } from '../mlflow/filter';
import type { RunTable } from '../runtable/runtable';
import { EMPTY_TABLE } from '../runtable/runtable';
import type { RunKeys } from '../runtable/source';
import type { Freshness, IRunView } from '../tokens';
import { Checked } from './checked';
import type { ColumnChoices } from './chosen';
import type { MetricColumn } from './columns';
import { NO_CHOICES } from './chosen';
import { directionOf, mainMetric, secondMetric } from './columns';
import type { Filter } from './filter';
import { NO_FILTER, readFilter } from './filter';
import { Holding } from './holding';
import type { Layout } from './layout';
import { EMPTY_LAYOUT, isRunFolded, layOut, rowOf } from './layout';
import type { Row } from './layout';
import { ChangeLog, changedRuns } from './freshvalues';
import { nextSort } from './nextsort';
import type { SortKey } from './sort';

export type { Row } from './layout';

const NO_KEYS: RunKeys = { metrics: [], params: [], tags: [] };
const NOTHING_YET: Freshness = {
  phase: 'loading',
  asOfMs: null,
  error: null,
  nextTryMs: null
};

/** What the table of runs shows; keeps its state when the view changes. */
export class RunsModel {
  /** Check runs and read which are checked. */
  readonly checked = new Checked(() => this._emit());

  /** Emitted after anything that the table draws changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get view(): IRunView | null {
    return this._view;
  }

  /** Show the runs of a view, which stays its owner's to dispose of. */
  setView(view: IRunView | null): void {
    if (view === this._view) {
      return;
    }
    this._view?.changed.disconnect(this._onViewChanged, this);
    this._view = view;
    view?.changed.connect(this._onViewChanged, this);
    this._holding.release();
    this._layOut();
  }

  get table(): RunTable {
    return this._view?.table ?? EMPTY_TABLE;
  }

  get keys(): RunKeys {
    return this._view?.keys ?? NO_KEYS;
  }

  get freshness(): Freshness {
    return this._view?.freshness ?? NOTHING_YET;
  }

  /** Number of rows that are drawn or could be scrolled to. */
  get rowCount(): number {
    return this._layout.visible.rows.length;
  }

  /** The row at a position; at hand without making the others. */
  rowAt(position: number): Row {
    return rowOf(this._layout, position);
  }

  /** All rows, made when they are asked for. */
  get rows(): readonly Row[] {
    this._rows ??= Array.from({ length: this.rowCount }, (_, i) =>
      this.rowAt(i)
    );
    return this._rows;
  }

  /** Position of a run among the rows, or -1 where it is not shown. */
  indexOf(runId: RunId): number {
    const row = this.table.rows.get(runId);
    return row === undefined ? -1 : this._layout.positions[row];
  }

  /** How many runs match the filter, shown or folded away. */
  get matchCount(): number {
    return this._layout.matchCount;
  }

  /** Ids of the runs that match the filter, in their order. */
  matchingIds(): readonly RunId[] {
    return this._layout.matchingIds();
  }

  get filterText(): string {
    return this._filterText;
  }

  /** Plain words or MLflow's filter language; a wrong one keeps the rows. */
  setFilter(text: string): void {
    this._filterText = text;
    this._filterProblem = null;
    try {
      this._filter = readFilter(text);
    } catch (error) {
      if (!(error instanceof FilterError)) {
        throw error;
      }
      this._filterProblem = error.problem;
    }
    this._holding.release();
    this._layOut();
  }

  /** What is wrong with the filter's text, or null. */
  get filterProblem(): FilterProblem | null {
    return this._filterProblem;
  }

  /** Keys of the sort, foremost first; none is newest first. */
  get sort(): readonly SortKey[] {
    return this._sort;
  }

  setSort(sort: readonly SortKey[]): void {
    this._sort = sort;
    this._holding.release();
    this._layOut();
  }

  /** A header's click: best or first on top, then turned, then newest first. */
  sortBy(column: string): void {
    this.setSort(nextSort(this._sort, column, this._choices));
  }

  get mainMetric(): MetricColumn | null {
    return this._layout.main;
  }

  get secondMetric(): MetricColumn | null {
    return secondMetric(this.table, this.keys, this._choices);
  }

  /** What the user chose for the columns; the owner keeps it. */
  get choices(): ColumnChoices {
    return this._choices;
  }

  setChoices(choices: ColumnChoices): void {
    this._choices = choices;
    this._layOut();
  }

  /** A click on the arrow of a metric's header. */
  turnDirection(key: string): void {
    const turned =
      directionOf(key, this._choices) === 'lower' ? 'higher' : 'lower';
    const directions = { ...this._choices.directions, [key]: turned } as const;
    this.setChoices({ ...this._choices, directions });
  }

  /** Run whose details are shown, or null. */
  get selectedRunId(): RunId | null {
    return this._selectedRunId;
  }

  select(runId: RunId | null): void {
    if (runId !== this._selectedRunId) {
      this._selectedRunId = runId;
      this._emit();
    }
  }

  isFolded(runId: RunId): boolean {
    const row = this.table.rows.get(runId);
    return row !== undefined && isRunFolded(this._layout, row);
  }

  setFolded(runId: RunId, isFolded: boolean): void {
    this._folds.set(runId, isFolded);
    this._layOut();
  }

  toggleFold(runId: RunId): void {
    this.setFolded(runId, !this.isFolded(runId));
  }

  /** Checked runs that the filter hides. */
  get hiddenCheckedCount(): number {
    return this._layout.hiddenAmong(this.checked.runIds);
  }

  /**
   * True while a row is hovered or focused, or the table is scrolled away from
   * its top: rows then keep their places and new ones wait.
   */
  get holdTop(): boolean {
    return this._holding.isHeld;
  }

  set holdTop(isHeld: boolean) {
    if (isHeld !== this._holding.isHeld) {
      const waited = this._holding.pendingCount > 0;
      this._holding.isHeld = isHeld;
      if (!isHeld && waited) {
        this._layOut();
      }
    }
  }

  /** Matching runs that wait for their rows: “3 new runs ↑”. */
  get pendingCount(): number {
    return this._holding.pendingCount;
  }

  /** Give the waiting runs their rows now. */
  showPending(): void {
    this._holding.release();
    this._layOut();
  }

  /** Grows whenever the rows or their values changed. */
  get version(): number {
    return this._version;
  }

  /** Runs with another status or metric value than at that version. */
  rowsChangedSince(version: number): ReadonlySet<RunId> {
    return this._changes.since(version);
  }

  dispose(): void {
    this.setView(null);
    Signal.clearData(this);
  }

  private _onViewChanged(): void {
    const runIds = changedRuns(this._layout.table, this.table);
    this._changes.add(this._version + 1, runIds);
    this._layOut();
  }

  /** Arrange the rows anew and tell. */
  private _layOut(): void {
    const { table, keys } = this;
    const main = mainMetric(table, keys, this._choices);
    this._layout = layOut({
      table,
      main,
      filter: this._filter,
      sort: this._sort,
      folds: this._folds,
      holding: this._holding
    });
    this._emit();
  }

  private _emit(): void {
    this._rows = null;
    this._version++;
    this._changed.emit();
  }

  private readonly _changed = new Signal<this, void>(this);
  private readonly _holding = new Holding();
  private readonly _folds = new Map<RunId, boolean>();
  private _view: IRunView | null = null;
  private _layout: Layout = EMPTY_LAYOUT;
  private _rows: readonly Row[] | null = null;
  private _filter: Filter = NO_FILTER;
  private _filterText = '';
  private _filterProblem: FilterProblem | null = null;
  private _sort: readonly SortKey[] = [];
  private _choices: ColumnChoices = NO_CHOICES;
  private _selectedRunId: RunId | null = null;
  private _version = 0;
  private readonly _changes = new ChangeLog();
}
