import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import { Latest, isSuperseded } from '../base/latest';
import type { Run, RunId } from '../mlflow/entities';
import { TagKeys } from '../mlflow/tags';
import type { RunPatch } from '../runtable/patch';
import { patchOf } from '../runtable/patch';
import type { IChoices } from '../runs/choices';
import { choicesOfRun } from '../runs/choices';
import type { ColumnChoices } from '../runs/chosen';
import { patchRun } from '../runs/patchrun';
import type { ISession } from '../tokens';
import { Artifacts } from './artifacts';
import { Curves } from './curves';
import { Models } from './models';
import { Neighbours } from './neighbours';

/** One run, as its page shows it; kept current by the session. */
export class RunPageModel {
  constructor(
    session: ISession,
    runId: RunId,
    private readonly _choices: IChoices | null = null
  ) {
    this.session = session;
    this._runId = runId;
    const emit = (): void => this._changed.emit();
    this.curves = new Curves(session, emit);
    this.artifacts = new Artifacts(session, emit);
    this.models = new Models(session, emit);
    this.neighbours = new Neighbours(session, emit);
    _choices?.changed.connect(emit, this);
    session.runChanged.connect(this._onRunChanged, this);
    session.registrationsChanged.connect(emit, this);
    void this.refresh();
  }

  readonly session: ISession;
  /** Metric histories. */
  readonly curves: Curves;
  readonly artifacts: Artifacts;
  /** Models that the run logged. */
  readonly models: Models;
  /** The run before it, and its child runs. */
  readonly neighbours: Neighbours;

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Emitted when the person changed something: the tab is kept from then on. */
  get edited(): ISignal<this, void> {
    return this._edited;
  }

  get runId(): RunId {
    return this._runId;
  }

  /** Null until the store has answered. */
  get run(): Run | null {
    return this._run;
  }

  /** Main metric and directions, as chosen for the run's notebook. */
  get choices(): ColumnChoices {
    return choicesOfRun(this._choices, this._run ?? undefined);
  }

  /** What went wrong last, as the store said it, or null. */
  get error(): string | null {
    return this._error;
  }

  /** Show another run in the same page. */
  async open(runId: RunId): Promise<void> {
    if (runId !== this._runId) {
      this._runId = runId;
      this._run = null;
      this.curves.clear();
      this.artifacts.clear();
      this.models.clear();
    }
    await this.refresh();
  }

  /** Ask the store for everything that is shown. */
  async refresh(): Promise<void> {
    const { client } = this.session;
    try {
      const run = await this._latest.run(signal =>
        client.getRun(this._runId, signal)
      );
      this._run = run;
      this._error = null;
      this._changed.emit();
      this.neighbours.follow(run);
      await Promise.all([
        this.curves.load(run),
        this.artifacts.load(run.runId),
        this.models.load(run)
      ]);
    } catch (error) {
      this._fail(error);
    }
  }

  async rename(runName: string): Promise<void> {
    await this._write(
      () => this.session.client.updateRun(this._runId, { runName }),
      { runName }
    );
  }

  /** Write the note, Markdown; empty takes it away. */
  async setNote(note: string): Promise<void> {
    if (note.trim() === '') {
      await this.deleteTag(TagKeys.note);
    } else {
      await this.setTag(TagKeys.note, note);
    }
  }

  async setTag(key: string, value: string): Promise<void> {
    await this._write(
      () => this.session.client.setTag(this._runId, key, value),
      { tags: new Map([[key, value]]) }
    );
  }

  async deleteTag(key: string): Promise<void> {
    if (this._run?.tags.some(tag => tag.key === key)) {
      await this._write(() => this.session.client.deleteTag(this._runId, key), {
        deletedTags: [key]
      });
    }
  }

  dispose(): void {
    this._latest.abort();
    this.neighbours.dispose();
    this.curves.dispose();
    Signal.clearData(this);
  }

  private async _write(
    write: () => Promise<void>,
    changes: Partial<RunPatch>
  ): Promise<void> {
    this._edited.emit();
    const runId = this._runId;
    try {
      await write();
      this._error = null;
      this.session.receive(patchOf(runId, changes));
    } catch (error) {
      this._fail(error);
    }
  }

  private _fail(error: unknown): void {
    if (!isSuperseded(error)) {
      this._error = error instanceof Error ? error.message : String(error);
      this._changed.emit();
    }
  }

  private _onRunChanged(_: ISession, patch: RunPatch): void {
    if (patch.runId !== this._runId || !this._run) {
      return;
    }
    this._run = patchRun(this._run, patch);
    this.curves.receive(this._run, patch);
    this._changed.emit();
    if (patch.event === 'ended' || patch.models.length > 0) {
      void this.refresh();
    }
  }

  private readonly _changed = new Signal<this, void>(this);
  private readonly _edited = new Signal<this, void>(this);
  private readonly _latest = new Latest();
  private _runId: RunId;
  private _run: Run | null = null;
  private _error: string | null = null;
}
