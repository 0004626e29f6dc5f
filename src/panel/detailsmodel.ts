import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import { Latest, isSuperseded } from '../base/latest';
import type { ArtifactFile, LoggedModel, Run, RunId } from '../mlflow/entities';
import { isMissing } from '../mlflow/errors';
import { modelPathsOfTag } from '../mlflow/tags';
import { patchRun } from '../runs/patchrun';
import type { RunPatch } from '../runtable/patch';
import type { ISession } from '../tokens';
import type { PanelModel } from './model';
import { runOfTable } from './runfacts';

/** A part of the details that unfolds. */
export type Fold =
  | 'changed'
  | 'metrics'
  | 'params'
  | 'tags'
  | 'model'
  | 'artifacts'
  | 'datasets'
  | 'facts';

/** A model as the details name it. */
export type ShownModel = Readonly<{ name: string; modelId: string | null }>;

/** The selected run, whole: from the table at once, then from the store. */
export class DetailsModel {
  constructor(private readonly _panel: PanelModel) {
    _panel.changed.connect(this._follow, this);
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get run(): Run | null {
    return this._run;
  }

  /** The run that it is compared with, or null. */
  get before(): Run | null {
    return this._before;
  }

  /** True once the store has told the whole run. */
  get isWhole(): boolean {
    return this._isWhole;
  }

  /** Null while they are not known. */
  get models(): readonly ShownModel[] | null {
    return this._models;
  }

  get artifacts(): readonly ArtifactFile[] | null {
    return this._artifacts;
  }

  isOpen(fold: Fold): boolean {
    return this._open.has(fold);
  }

  /** Unfold or fold a part; what it shows is read then. */
  toggle(fold: Fold): void {
    if (!this._open.delete(fold)) {
      this._open.add(fold);
    }
    void this._loadArtifacts();
    this._changed.emit();
  }

  /** Folds of metrics and params that show what is equal in all, too. */
  isShowingEqual = false;

  toggleEqual(): void {
    this.isShowingEqual = !this.isShowingEqual;
    this._changed.emit();
  }

  /** Sets which run a run is compared with; given by who knows the rows. */
  beforeOf: (runId: RunId) => RunId | null = () => null;

  dispose(): void {
    this._panel.changed.disconnect(this._follow, this);
    this._session?.runChanged.disconnect(this._onPatch, this);
    this._latest.abort();
    Signal.clearData(this);
  }

  private _follow(): void {
    const { runs, session } = this._panel;
    if (session !== this._session) {
      this._session?.runChanged.disconnect(this._onPatch, this);
      session?.runChanged.connect(this._onPatch, this);
      const isOther = this._session !== null;
      this._session = session;
      if (isOther) {
        this._turnTo(runs.selectedRunId);
        return;
      }
    }
    const runId = runs.selectedRunId;
    if (runId !== this._runId) {
      this._runId = runId;
      this._start();
    } else if (!this._run && runId !== null) {
      this._run = this._ofTable(runId);
      this._changed.emit();
    }
  }

  /** Another connection: what stood here is not of its store, unless it says so. */
  private _turnTo(runId: RunId | null): void {
    this._runId = runId;
    this._forget();
    this._changed.emit();
    if (runId !== null) {
      void this._load(runId);
    }
  }

  private _forget(): void {
    this._latest.abort();
    this._run = null;
    this._before = null;
    this._isWhole = false;
    this._models = null;
    this._artifacts = null;
  }

  private _start(): void {
    const runId = this._runId;
    this._run = runId === null ? null : this._ofTable(runId);
    const before = runId === null ? null : this.beforeOf(runId);
    this._before = before === null ? null : this._ofTable(before);
    this._isWhole = false;
    this._models = null;
    this._artifacts = null;
    this._changed.emit();
    if (runId !== null) {
      void this._load(runId);
    }
  }

  private _ofTable(runId: RunId): Run | null {
    const { table } = this._panel.runs;
    const row = table.rows.get(runId);
    return row === undefined ? null : runOfTable(table, row);
  }

  private async _load(runId: RunId): Promise<void> {
    const session = this._session;
    if (!session || session.connection.state === 'absent') {
      return;
    }
    const before = this.beforeOf(runId);
    try {
      const [run, old, models] = await this._latest.run(signal =>
        Promise.all([
          session.client.getRun(runId, signal),
          before === null ? null : session.client.getRun(before, signal),
          this._modelsOf(session, runId, signal)
        ])
      );
      this._run = run;
      this._before = old;
      this._isWhole = true;
      this._models = models ?? modelsOfTags(run);
      this._changed.emit();
      await this._loadArtifacts();
    } catch (error) {
      if (!isSuperseded(error)) {
        // What the table knows stays; the banner says what is wrong.
        console.warn('experiments: the run is not at hand', error);
      }
    }
  }

  /** Null where the server knows no logged models. */
  private async _modelsOf(
    session: ISession,
    runId: RunId,
    signal: AbortSignal
  ): Promise<readonly ShownModel[] | null> {
    const experimentId = this._run?.experimentId;
    if (!experimentId) {
      return null;
    }
    try {
      const found = await session.client.searchLoggedModels(
        runId,
        experimentId,
        signal
      );
      return found.length > 0 ? found.map(shown) : null;
    } catch (error) {
      if (isMissing(error)) {
        return null;
      }
      throw error;
    }
  }

  private async _loadArtifacts(): Promise<void> {
    const session = this._session;
    const run = this._run;
    if (!session || !run || this._artifacts || !this.isOpen('artifacts')) {
      return;
    }
    try {
      const found = await session.client.listArtifacts(run.runId);
      if (run.runId === this._runId) {
        this._artifacts = found;
        this._changed.emit();
      }
    } catch (error) {
      console.warn('experiments: the artifacts are not at hand', error);
    }
  }

  private _onPatch(_: ISession, patch: RunPatch): void {
    if (patch.runId !== this._runId || !this._run) {
      return;
    }
    this._run = patchRun(this._run, patch);
    this._changed.emit();
    if (patch.event === 'ended' || patch.models.length > 0) {
      void this._load(patch.runId);
    }
  }

  private readonly _changed = new Signal<this, void>(this);
  private readonly _latest = new Latest();
  private readonly _open = new Set<Fold>(['changed']);
  private _session: ISession | null = null;
  private _runId: RunId | null = null;
  private _run: Run | null = null;
  private _before: Run | null = null;
  private _isWhole = false;
  private _models: readonly ShownModel[] | null = null;
  private _artifacts: readonly ArtifactFile[] | null = null;
}

function shown(model: LoggedModel): ShownModel {
  return { name: model.name, modelId: model.modelId };
}

function modelsOfTags(run: Run): readonly ShownModel[] {
  return modelPathsOfTag(run.tags).map(name => ({ name, modelId: null }));
}
