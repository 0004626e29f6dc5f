import type { TranslationBundle } from '@jupyterlab/translation';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { MlflowClient } from '../mlflow/client';
import type { HistoryPoint, ModelVersion, RunId } from '../mlflow/entities';
import type { RunPatch } from '../runtable/patch';
import type { IRunSource, RunSelection } from '../runtable/source';
import type { ColumnStore } from '../store/columnstore';
import { selectionKey } from '../store/columnstore';
import type { Connection, IRunView, ISession } from '../tokens';
import { MetricHeads } from './heads';
import type { IRowsHost } from './host';
import { LiveCurves } from './livecurves';
import { Registrations } from './registrations';
import { SelectedRows } from './rows';
import { RunView } from './view';
import type { IVisibility } from './visibility';

/** The store's word of a write comes this soon after the kernel's. */
const ECHO_MS = 1500;

/** What changes of a session while it is open. */
export type SessionState = Readonly<{
  connection: Connection;
  /** False while the connection is as remembered from last time. */
  isConfirmed: boolean;
  store: ColumnStore;
}>;

export type SessionOptions = Readonly<{
  state: SessionState;
  client: MlflowClient;
  /** For what nobody asked for: an idle server may be culled. */
  backgroundClient: MlflowClient;
  source: IRunSource;
  visibility: IVisibility;
  trans: TranslationBundle;
  artifactAddress: (runId: RunId, path: string) => string;
  /** Ask the server for the connections and their states. */
  askConnection: () => Promise<void>;
}>;

type Shared = Readonly<{ rows: SelectedRows; views: Set<RunView> }>;

/** One open connection: its client, its rows, and what kernels say of it. */
export class Session implements ISession, IRowsHost {
  constructor(private readonly _options: SessionOptions) {
    this._state = _options.state;
    this._registrations = new Registrations(_options.backgroundClient);
    this._registrations.changed.connect(this._onRegistrations, this);
    _options.visibility.changed.connect(this._onVisibility, this);
    _options.visibility.online.connect(this._onOnline, this);
  }

  get connection(): Connection {
    return this._state.connection;
  }

  get isConfirmed(): boolean {
    return this._state.isConfirmed;
  }

  get store(): ColumnStore {
    return this._state.store;
  }

  get client(): MlflowClient {
    return this._options.client;
  }

  get source(): IRunSource {
    return this._options.source;
  }

  get trans(): TranslationBundle {
    return this._options.trans;
  }

  get isPageVisible(): boolean {
    return this._options.visibility.isVisible;
  }

  get registrations(): ReadonlyMap<RunId, readonly ModelVersion[]> {
    return this._registrations.byRun;
  }

  get registrationsChanged(): ISignal<ISession, void> {
    return this._registrationsChanged;
  }

  get runChanged(): ISignal<ISession, RunPatch> {
    return this._runChanged;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  openView(selection: RunSelection): IRunView {
    const key = selectionKey(selection);
    const shared = this._shared.get(key) ?? {
      rows: new SelectedRows(this, selection),
      views: new Set<RunView>()
    };
    this._shared.set(key, shared);
    const view = new RunView(shared.rows, () => this._onViewChanged(key));
    shared.views.add(view);
    this._onViewChanged(key);
    return view;
  }

  refreshRegistrations(): Promise<void> {
    return this.connection.state === 'absent' || !this.isConfirmed
      ? Promise.resolve()
      : this._registrations.refresh();
  }

  artifactAddress(runId: RunId, path: string): string {
    return this._options.artifactAddress(runId, path);
  }

  liveCurve(runId: RunId, key: string): readonly HistoryPoint[] {
    return this._curves.curve(runId, key);
  }

  receive(received: RunPatch): void {
    const patch = this._heads.withNewest(received);
    this._heardMs = Date.now();
    this._curves.receive(patch);
    this._eachRows(rows => rows.receive(patch));
    this._runChanged.emit(patch);
    if (this.connection.state === 'absent') {
      // The run has just made the store.
      this.askConnection().catch(() => undefined);
    }
  }

  askConnection(): Promise<void> {
    return this._options.askConnection();
  }

  /** Rows were read: the store answers, so the registry may be asked. */
  onRead(): void {
    if (this.connection.state !== 'ready') {
      // By answering it has become so; the word of that may be a minute off.
      this.askConnection().catch(() => undefined);
    }
    if (!this._registrations.isAsked) {
      void this.refreshRegistrations();
    }
  }

  /** Something was committed to the store, by whomever. */
  onCommitted(): void {
    // What a kernel has just told needs no reading; what else came with it is
    // read when the run ends, and every few seconds while it goes on.
    if (Date.now() - this._heardMs > ECHO_MS) {
      this._eachRows(rows => rows.readSoon());
    }
  }

  /** Take what the server said of the connection. */
  update(state: SessionState): void {
    const before = this._state;
    this._state = state;
    const isOther =
      before.connection.storeId !== state.connection.storeId ||
      before.store !== state.store;
    if (isOther) {
      this._registrations.clear();
    }
    this._eachRows(rows =>
      isOther ? rows.onStoreChanged() : rows.onConnectionChanged()
    );
  }

  /** The Jupyter server does not say what the connections are. */
  onHostFailed(error: unknown, nextTryMs: number | null): void {
    this._eachRows(rows => rows.onHostFailed(error, nextTryMs));
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._eachRows(rows => rows.dispose());
    this._shared.clear();
    this._registrations.dispose();
    Signal.clearData(this);
  }

  private _onViewChanged(key: string): void {
    const shared = this._shared.get(key);
    if (!shared) {
      return;
    }
    for (const view of shared.views) {
      if (view.isDisposed) {
        shared.views.delete(view);
      }
    }
    if (shared.views.size === 0) {
      shared.rows.dispose();
      this._shared.delete(key);
    } else {
      shared.rows.setVisible([...shared.views].some(view => view.isVisible));
    }
  }

  private _onVisibility(): void {
    this._eachRows(rows => rows.wake());
  }

  private _onOnline(): void {
    this._eachRows(rows => rows.retry());
  }

  private _onRegistrations(): void {
    this._registrationsChanged.emit();
  }

  private _eachRows(use: (rows: SelectedRows) => void): void {
    [...this._shared.values()].forEach(({ rows }) => use(rows));
  }

  private _state: SessionState;
  private _isDisposed = false;
  private readonly _registrations: Registrations;
  private readonly _curves = new LiveCurves();
  private readonly _heads = new MetricHeads();
  private readonly _shared = new Map<string, Shared>();
  private readonly _runChanged = new Signal<this, RunPatch>(this);
  private readonly _registrationsChanged = new Signal<this, void>(this);
  private _heardMs = 0;
}
