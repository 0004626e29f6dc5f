import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { RunId } from '../mlflow/entities';
import type { IChoices } from '../runs/choices';
import { RunsModel } from '../runs/model';
import type { RunSelection } from '../runtable/source';
import type {
  INotebookContext,
  INotebookRuns,
  IRunView,
  ISession,
  ITracking
} from '../tokens';
import type { KeptState } from './kept';
import type { Scope } from './scope';
import { selectionOf } from './scope';

export type PanelServices = Readonly<{
  tracking: ITracking;
  notebooks: INotebookRuns;
  kept: KeptState;
  choices: IChoices;
}>;

/** What the panel shows: whose runs, which of them is active. */
export class PanelModel implements IDisposable {
  constructor(private readonly _services: PanelServices) {
    _services.tracking.changed.connect(this._update, this);
    _services.notebooks.changed.connect(this._update, this);
    this.runs.changed.connect(this._onRunsChanged, this);
    this._update();
  }

  /** Rows, sort, filter, checks. */
  readonly runs = new RunsModel();

  /** Scope, notebook, session, rows or the active run changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get tracking(): ITracking {
    return this._services.tracking;
  }

  get kept(): KeptState {
    return this._services.kept;
  }

  get notebook(): INotebookContext | null {
    return this._services.notebooks.current;
  }

  /** Connection whose runs are shown; null while none is known. */
  get session(): ISession | null {
    return this._session;
  }

  get scope(): Scope {
    return this._scope;
  }

  setScope(scope: Scope): void {
    this._scope = scope;
    this._activeId = null;
    this.runs.holdTop = false;
    this.runs.select(null);
    this.runs.checked.clear();
    this._keep();
    this._update();
  }

  get isShowingDeleted(): boolean {
    return this._isShowingDeleted;
  }

  set isShowingDeleted(isShown: boolean) {
    this._isShowingDeleted = isShown;
    this._update();
  }

  /** The panel is on the screen; hidden it asks nothing of the store. */
  get isVisible(): boolean {
    return this._isVisible;
  }

  set isVisible(isVisible: boolean) {
    this._isVisible = isVisible;
    if (this.runs.view) {
      this.runs.view.isVisible = isVisible;
    }
    this._changed.emit();
  }

  /** Run that the keyboard acts on, or null. */
  get activeId(): RunId | null {
    return this._activeId;
  }

  /** Make a run the active one; its details show if any are shown. */
  activate(runId: RunId | null): void {
    this._activeId = runId;
    if (runId === null || this.runs.selectedRunId !== null) {
      this.runs.select(runId);
    }
    this._changed.emit();
  }

  /** Make a run the active one and show its details. */
  showDetails(runId: RunId): void {
    this._activeId = runId;
    this.runs.select(runId);
    this._changed.emit();
  }

  closeDetails(): void {
    this.runs.select(null);
  }

  /** Show a run, though it may belong to another scope. */
  async reveal(runId: RunId, connectionId?: string): Promise<void> {
    const isHere =
      connectionId === undefined ||
      connectionId === this._session?.connection.id;
    const isRow = this.runs.table.rows.has(runId);
    if (!isHere || !isRow) {
      await this._goTo(runId, connectionId);
    }
    if (this.runs.indexOf(runId) < 0 && this.runs.filterText) {
      this.runs.setFilter('');
    }
    this.runs.showPending();
    this.showDetails(runId);
  }

  /** The runs that a command means: given ones, checked ones, or the active. */
  targets(runIds?: readonly RunId[]): readonly RunId[] {
    if (runIds && runIds.length > 0) {
      return runIds;
    }
    if (this.runs.checked.size > 0) {
      return [...this.runs.checked.runIds];
    }
    return this._activeId === null ? [] : [this._activeId];
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._services.tracking.changed.disconnect(this._update, this);
    this._services.notebooks.changed.disconnect(this._update, this);
    this.runs.dispose();
    this._view?.dispose();
    Signal.clearData(this);
  }

  private async _goTo(runId: RunId, connectionId?: string): Promise<void> {
    const session =
      connectionId === undefined
        ? this._session
        : this.tracking.sessionOf(connectionId);
    if (!session) {
      return;
    }
    const run = await session.client.getRun(runId);
    const experiment = await session.client.getExperiment(run.experimentId);
    this.setScope({
      kind: 'experiment',
      experimentId: run.experimentId,
      name: experiment.name,
      connectionId: session.connection.id
    });
  }

  private _update(): void {
    this._followNotebook();
    const session = this._findSession();
    const selection = selectionOf(
      this._scope,
      this.notebook,
      this._isShowingDeleted
    );
    const key = JSON.stringify([session?.connection.id, selection]);
    if (session !== this._session || key !== this._viewKey) {
      this._session = session;
      this._viewKey = key;
      this._open(selection);
    }
    this._changed.emit();
  }

  /** Another notebook has its own scope, sort and columns. */
  private _followNotebook(): void {
    const id = this.notebook?.notebookId ?? '';
    if (id === this._notebookId) {
      return;
    }
    this._notebookId = id;
    const kept = this.kept.viewOf(id);
    this._scope = kept.scope ?? { kind: 'notebook' };
    this._activeId = null;
    this.runs.select(null);
    this.runs.checked.clear();
    this._isKeeping = false;
    this.runs.setChoices(this._services.choices.of(id));
    this.runs.setSort(kept.sort ?? []);
    this._isKeeping = true;
  }

  private _findSession(): ISession | null {
    const { tracking } = this._services;
    const scope = this._scope;
    const asked = scope.kind === 'experiment' ? scope.connectionId : undefined;
    const connectionId = asked ?? this.notebook?.connectionId;
    return connectionId === undefined
      ? tracking.session
      : tracking.sessionOf(connectionId);
  }

  private _open(selection: RunSelection | null): void {
    const before = this._view;
    this._view = (selection && this._session?.openView(selection)) ?? null;
    if (this._view) {
      this._view.isVisible = this._isVisible;
    }
    this.runs.setView(this._view);
    before?.dispose();
    this._selectConnection();
  }

  /** What the panel shows is the open connection for all. */
  private _selectConnection(): void {
    const { tracking } = this._services;
    const id = this._session?.connection.id;
    if (id !== undefined && id !== tracking.session?.connection.id) {
      void tracking.select(id);
    }
  }

  private _onRunsChanged(): void {
    if (this._isKeeping) {
      this._keep();
    }
    this._changed.emit();
  }

  private _keep(): void {
    const { choices, sort } = this.runs;
    const view = { scope: this._scope, sort };
    const text = JSON.stringify(view);
    if (this._notebookId) {
      this._services.choices.keep(this._notebookId, choices);
    }
    if (this._notebookId && text !== this._keptText) {
      this._keptText = text;
      this.kept.keepView(this._notebookId, view);
    }
  }

  private readonly _changed = new Signal<this, void>(this);
  private _scope: Scope = { kind: 'notebook' };
  private _session: ISession | null = null;
  private _view: IRunView | null = null;
  private _viewKey = '';
  private _notebookId: string | undefined = undefined;
  private _keptText = '';
  private _isKeeping = true;
  private _isShowingDeleted = false;
  private _isVisible = false;
  private _activeId: RunId | null = null;
  private _isDisposed = false;
}
