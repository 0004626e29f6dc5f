import { Poll } from '@lumino/polling';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import { CONTRACT } from '../contract';
import type { IConnections, ServerStatus } from '../gateway/connections';
import { MlflowError } from '../mlflow/errors';
import type { ColumnStore } from '../store/columnstore';
import type { Connection, ISession, ITracking } from '../tokens';
import { nextRetryMs } from './pace';
import type { Memory } from './remembered';
import type { Session, SessionState } from './session';
import type { IVisibility } from './visibility';

/** What sessions are made of. */
export interface ISessionParts {
  /** The cache of one user. */
  openStore(user: string): ColumnStore;
  openSession(state: SessionState, askConnection: () => Promise<void>): Session;
}

type TrackingOptions = Readonly<{
  connections: IConnections;
  memory: Memory;
  visibility: IVisibility;
  /** Fetches the code of sessions, which JupyterLab's start does not wait for. */
  loadParts: () => Promise<ISessionParts>;
}>;

const STARTING_MS = 1000;
const STATUS_MS = 60000;
const SLOWEST_MS = 2 * STATUS_MS;

/** Which connections there are, and the session of each that is in use. */
export class Tracking implements ITracking, IDisposable {
  constructor(private readonly _options: TrackingOptions) {
    this._recall();
    this._poll = new Poll({
      auto: false,
      factory: () => this._askOnce(),
      frequency: { interval: STATUS_MS, max: SLOWEST_MS, backoff: false },
      standby: () => !_options.visibility.isVisible && this.hasServer === true,
      name: 'jupyterlab-experiments:status'
    });
    void this._poll.start();
  }

  get connections(): readonly Connection[] {
    return this._connections;
  }

  get session(): ISession | null {
    const id = this._selectedId;
    const selected = id === null ? null : this.sessionOf(id);
    return selected ?? this.sessionOf(this._defaultId);
  }

  get hasServer(): boolean | null {
    return this._hasServer;
  }

  /** What the server last said of itself; null while unknown. */
  get status(): ServerStatus | null {
    return this._status;
  }

  get changed(): ISignal<ITracking, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._poll.isDisposed;
  }

  sessionOf(connectionId: string): ISession | null {
    const known = this._sessions.get(connectionId);
    if (known) {
      return known;
    }
    const state = this._stateOf(connectionId);
    if (!this._parts) {
      // Whoever asks first fetches the code; `changed` tells that it is there.
      this._loading ??= this._load();
      return null;
    }
    if (!state) {
      return null;
    }
    const session = this._parts.openSession(state, () => this.refresh());
    this._sessions.set(connectionId, session);
    return session;
  }

  async select(connectionId: string): Promise<void> {
    if (!this._find(connectionId)) {
      await this.refresh();
    }
    if (this._find(connectionId)) {
      this._selectedId = connectionId;
      this._remember();
      this._changed.emit();
    }
  }

  async connectionOfKernel(kernelId: string): Promise<Connection | null> {
    const { connections } = this._options;
    const connection = await connections.connectionOfKernel(kernelId);
    if (connection) {
      this._learn(connection);
    }
    return connection;
  }

  async refresh(): Promise<void> {
    await this._askOnce();
    void this._poll.schedule();
  }

  /** Something was committed to a connection's store. */
  onCommitted(connectionId: string): void {
    this._sessions.get(connectionId)?.onCommitted();
    if (this._find(connectionId)?.state === 'absent') {
      void this.refresh();
    }
  }

  dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this._poll.dispose();
    this._sessions.forEach(session => session.dispose());
    void this._store?.close();
    Signal.clearData(this);
  }

  private _recall(): void {
    const remembered = this._options.memory.read();
    if (remembered) {
      this._connections = remembered.connections;
      this._defaultId = remembered.defaultConnection;
      this._selectedId = remembered.selectedId;
      this._user = remembered.user;
    }
  }

  /** Sessions can be opened from then on. */
  private async _load(): Promise<void> {
    try {
      this._parts = await this._options.loadParts();
    } catch (error) {
      console.error('The code of the experiments panel was not loaded.', error);
      return;
    }
    if (this._user !== null && !this.isDisposed) {
      this._openStore(this._user);
      this._changed.emit();
    }
  }

  /** A cache is of one user: another one sees nothing of it. */
  private _openStore(user: string): void {
    const isOther = this._user !== user;
    this._user = user;
    if (this._parts && (isOther || !this._store)) {
      void this._store?.close();
      this._store = this._parts.openStore(user);
      this._forgotten.forEach(storeId => void this._store?.drop(storeId));
    }
  }

  /** One question at a time: whoever asks meanwhile gets its answer. */
  private _askOnce(): Promise<void> {
    this._asking ??= this._ask().finally(() => {
      this._asking = null;
    });
    return this._asking;
  }

  private async _ask(): Promise<void> {
    try {
      const status = await this._options.connections.status();
      this._failureCount = 0;
      this._apply(status);
      const isStarting = status.connections.some(
        connection => connection.state === 'starting'
      );
      this._setPace(isStarting ? STARTING_MS : STATUS_MS);
    } catch (error) {
      this._fail(error);
    }
  }

  private _apply(status: ServerStatus): void {
    const before = this._connections;
    const isFirst = !this._isConfirmed || !this._hasServer;
    this._hasServer = true;
    this._isConfirmed = true;
    this._status = status;
    this._defaultId = status.defaultConnection;
    this._connections = status.connections;
    this._openStore(status.user);
    this._remember();
    this._forgetStores(before);
    this._updateSessions();
    const isSame = JSON.stringify(before) === JSON.stringify(this._connections);
    if (isFirst || !isSame) {
      this._changed.emit();
    }
  }

  /** Rows of a store that a connection no longer leads to are dropped. */
  private _forgetStores(before: readonly Connection[]): void {
    const current = new Set(this._connections.map(({ storeId }) => storeId));
    for (const { id, storeId } of before) {
      if (this._find(id) && !current.has(storeId)) {
        this._forgotten.add(storeId);
        void this._store?.drop(storeId);
      }
    }
  }

  private _updateSessions(): void {
    for (const [id, session] of this._sessions) {
      const state = this._stateOf(id);
      if (state) {
        session.update(state);
      }
    }
  }

  private _fail(error: unknown): void {
    this._failureCount += 1;
    const delayMs = nextRetryMs(this._failureCount, Math.random());
    const isMissing = isServerMissing(error);
    this._setPace(isMissing ? SLOWEST_MS : delayMs);
    const hadServer = this._hasServer;
    this._hasServer = isMissing ? false : this._hasServer;
    const nextTryMs = isMissing ? null : Date.now() + delayMs;
    this._sessions.forEach(session => session.onHostFailed(error, nextTryMs));
    if (hadServer !== this._hasServer) {
      this._changed.emit();
    }
  }

  /** A connection that only a kernel's tracking URI has led to. */
  private _learn(connection: Connection): void {
    const others = this._connections.filter(({ id }) => id !== connection.id);
    this._connections = [...others, connection];
    this._updateSessions();
    this._changed.emit();
  }

  private _stateOf(connectionId: string): SessionState | null {
    const connection = this._find(connectionId);
    return connection && this._store
      ? { connection, isConfirmed: this._isConfirmed, store: this._store }
      : null;
  }

  private _find(connectionId: string): Connection | undefined {
    return this._connections.find(({ id }) => id === connectionId);
  }

  private _remember(): void {
    if (this._status) {
      this._options.memory.write(this._status, this._selectedId);
    }
  }

  private _setPace(interval: number): void {
    this._poll.frequency = { interval, max: SLOWEST_MS, backoff: false };
  }

  private _connections: readonly Connection[] = [];
  private _defaultId: string = CONTRACT.defaultConnection;
  private _selectedId: string | null = null;
  private _user: string | null = null;
  private _parts: ISessionParts | null = null;
  private _loading: Promise<void> | null = null;
  /** Dropped from the cache, or to be dropped as soon as it is open. */
  private readonly _forgotten = new Set<string>();
  private _store: ColumnStore | null = null;
  private _status: ServerStatus | null = null;
  private _hasServer: boolean | null = null;
  private _isConfirmed = false;
  private _asking: Promise<void> | null = null;
  private _failureCount = 0;
  private readonly _poll: Poll;
  private readonly _sessions = new Map<string, Session>();
  private readonly _changed = new Signal<this, void>(this);
}

/** No such route, or a page in its place: the server part is not there. */
function isServerMissing(error: unknown): boolean {
  return (
    error instanceof MlflowError &&
    (error.kind === 'notFound' || error.kind === 'invalid')
  );
}
