import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import { CONTRACT } from '../contract';
import type { IConnections, ServerStatus } from '../gateway/connections';
import type { ColumnStore } from '../store/columnstore';
import type {
  Connection,
  IConnectionDesk,
  ISession,
  ITracking
} from '../tokens';
import { Offered } from './offered';
import type { Memory } from './remembered';
import type { Session, SessionState } from './session';
import { StatusPoll } from './statuspoll';
import type { IVisibility } from './visibility';

/** What sessions are made of. */
export interface ISessionParts {
  /** The cache of one user. */
  openStore(user: string): ColumnStore;
  openSession(state: SessionState, askConnection: () => Promise<void>): Session;
  openDesk(
    onConnection: (connection: Connection) => void,
    onChanged: () => Promise<void>
  ): IConnectionDesk;
}

type TrackingOptions = Readonly<{
  connections: IConnections;
  memory: Memory;
  visibility: IVisibility;
  /** Fetches the code of sessions, which JupyterLab's start does not wait for. */
  loadParts: () => Promise<ISessionParts>;
}>;

/** Which connections there are, and the session of each that is in use. */
export class Tracking implements ITracking, IDisposable {
  constructor(private readonly _options: TrackingOptions) {
    this._recall();
    this._poll = new StatusPoll({
      ask: () => _options.connections.status(),
      onStatus: status => this._apply(status),
      onFailed: (error, nextTryMs) => this._fail(error, nextTryMs),
      visibility: _options.visibility
    });
    this._poll.start();
  }

  get connections(): readonly Connection[] {
    return this._offered.all;
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

  get mayAdd(): boolean {
    return this._status?.mayAdd ?? false;
  }

  get mlflowVersion(): string | null {
    return this._status?.mlflowVersion ?? null;
  }

  get changed(): ISignal<ITracking, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._poll.isDisposed;
  }

  sessionOf(askedId: string): ISession | null {
    const connectionId = this._offeredId(askedId);
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
    if (!this._offered.find(connectionId)) {
      await this.refresh();
    }
    if (this._offered.find(connectionId)) {
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

  refresh(): Promise<void> {
    return this._poll.refresh();
  }

  async desk(): Promise<IConnectionDesk> {
    // Loaded anew where it failed; a chunk that is there comes at once.
    const parts = this._parts ?? (await this._options.loadParts());
    return parts.openDesk(
      connection => this._learn(connection),
      () => this.refresh()
    );
  }

  /** Something was committed to a connection's store. */
  onCommitted(connectionId: string): void {
    this._sessions.get(connectionId)?.onCommitted();
    if (this._offered.find(connectionId)?.state === 'absent') {
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
      this._offered.recall(remembered.connections);
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

  private _apply(status: ServerStatus): void {
    const isFirst = !this._isConfirmed || !this._hasServer;
    this._hasServer = true;
    this._isConfirmed = true;
    this._status = status;
    this._defaultId = status.defaultConnection;
    const { forgotten, isOther } = this._offered.update(status);
    this._openStore(status.user);
    this._remember();
    // Rows of a store that a connection no longer leads to are dropped.
    for (const storeId of forgotten) {
      this._forgotten.add(storeId);
      void this._store?.drop(storeId);
    }
    this._updateSessions();
    if (isFirst || isOther) {
      this._changed.emit();
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

  private _fail(error: unknown, nextTryMs: number | null): void {
    const hadServer = this._hasServer;
    // Nothing to try again means that nobody is there who could answer.
    this._hasServer = nextTryMs === null ? false : hadServer;
    this._sessions.forEach(session => session.onHostFailed(error, nextTryMs));
    if (hadServer !== this._hasServer) {
      this._changed.emit();
    }
  }

  /** A connection that a kernel or the user has led to. */
  private _learn(connection: Connection): void {
    this._offered.learn(connection);
    this._updateSessions();
    this._changed.emit();
  }

  /** Where the administrator has chosen, `default` is another connection. */
  private _offeredId(connectionId: string): string {
    const isOffered = this._offered.find(connectionId) !== undefined;
    return !isOffered && connectionId === CONTRACT.defaultConnection
      ? this._defaultId
      : connectionId;
  }

  private _stateOf(connectionId: string): SessionState | null {
    const connection = this._offered.find(connectionId);
    return connection && this._store
      ? { connection, isConfirmed: this._isConfirmed, store: this._store }
      : null;
  }

  private _remember(): void {
    if (this._status) {
      this._options.memory.write(this._status, this._selectedId);
    }
  }

  private readonly _offered = new Offered();
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
  private readonly _poll: StatusPoll;
  private readonly _sessions = new Map<string, Session>();
  private readonly _changed = new Signal<this, void>(this);
}
