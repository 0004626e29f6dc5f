import type { IDisposable } from '@lumino/disposable';
import { Debouncer, Poll } from '@lumino/polling';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import { FrameGate } from '../base/frame';
import { isSuperseded, Latest } from '../base/latest';
import type { RunPatch } from '../runtable/patch';
import type { RunTable } from '../runtable/runtable';
import type { RunKeys, RunSelection } from '../runtable/source';
import type { CachedTable } from '../store/columnstore';
import { TableSync } from '../store/sync';
import type { ConnectionState, Freshness } from '../tokens';
import { staleSince, UNKNOWN } from './freshness';
import type { IRowsHost } from './host';
import { LiveTable, NOTHING, ROW_TAGS } from './livetable';
import { BUSY_MS, IDLE_MS, nextReadMs, nextRetryMs } from './pace';

const COLUMNS = [
  'metrics.*',
  'params.*',
  ...ROW_TAGS.map(key => `tags.${key}`)
];
const DEBOUNCE_MS = 300;
/** Retries may come a quarter later than the slowest pace. */
const SLOWEST_MS = 2 * IDLE_MS;

/**
 * The rows of one selection: from the cache at once, then as the store says,
 * with what kernels say in between. Shared by all views of the selection.
 */
export class SelectedRows implements IDisposable {
  constructor(
    private readonly _host: IRowsHost,
    readonly selection: RunSelection
  ) {
    this._live = new LiveTable(selection);
    this._sync = this._makeSync();
    this._poll = new Poll({
      auto: false,
      factory: () => this._pull(false),
      frequency: { interval: BUSY_MS, max: SLOWEST_MS, backoff: false },
      standby: () => !this._isWatched,
      name: 'jupyterlab-experiments:rows'
    });
    void this._showCached();
    void this._poll.start();
    this._settle();
  }

  /** Emitted before the next frame after rows, keys or freshness changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get table(): RunTable {
    return this._live.table;
  }

  get keys(): RunKeys {
    return this._live.keys;
  }

  get freshness(): Freshness {
    return this._freshness;
  }

  get isDisposed(): boolean {
    return this._poll.isDisposed;
  }

  /** Whether a view of these rows is seen. */
  setVisible(isVisible: boolean): void {
    this._isVisible = isVisible;
    this.wake();
  }

  /** The page or a view came into sight: read if it is time. */
  wake(): void {
    const ageMs = Date.now() - (this._freshness.asOfMs ?? 0);
    if (this._isDirty || ageMs >= BUSY_MS) {
      this._readNow();
    }
  }

  /** The network is there again: what failed is asked at once. */
  retry(): void {
    if (this._failureCount > 0) {
      this._readNow();
    }
  }

  /** Ask the store now, for the whole table. */
  async refresh(): Promise<void> {
    if (!this._canAsk) {
      await this._host.askConnection();
    }
    if (this._canAsk) {
      await this._pull(true);
      void this._poll.schedule();
      // Another reading may have taken this one's place.
      await this._pulling;
      await this._written;
    }
  }

  /** Merge what a kernel or this page wrote. */
  receive(patch: RunPatch): void {
    if (!this._live.receive(patch)) {
      return;
    }
    this._gate.request();
    if (patch.event !== 'updated' && patch.event !== 'created') {
      this.readSoon();
    }
  }

  /** Something was committed to the store. */
  readSoon(): void {
    this._isDirty = true;
    this._readLater.invoke().catch(() => undefined);
  }

  /** The server told the connection's state. */
  onConnectionChanged(): void {
    const before = this._lastState;
    this._settle();
    const isAnswering = this._lastState === 'ready' && before !== 'ready';
    const wasSilent = before === null || before === 'absent';
    if (isAnswering || wasSilent || this._isHostSilent) {
      this._isHostSilent = false;
      this._readNow();
    }
  }

  /** The connection leads to another store: none of these rows is in it. */
  onStoreChanged(): void {
    this._latest.abort();
    this._live.clear();
    this._sync = this._makeSync();
    this._lastState = null;
    this._setFreshness(UNKNOWN);
    void this._showCached();
    this.onConnectionChanged();
  }

  /** The server that knows the connections does not answer. */
  onHostFailed(error: unknown, nextTryMs: number | null): void {
    this._isHostSilent = true;
    this._fail(error, nextTryMs);
  }

  dispose(): void {
    this._latest.abort();
    this._poll.dispose();
    this._readLater.dispose();
    this._gate.cancel();
    Signal.clearData(this);
  }

  private get _canAsk(): boolean {
    return !this.isDisposed && this._host.isConfirmed && !this._isAbsent;
  }

  private get _isAbsent(): boolean {
    return this._host.connection.state === 'absent';
  }

  private get _isWatched(): boolean {
    return this._canAsk && this._isVisible && this._host.isPageVisible;
  }

  private _makeSync(): TableSync {
    const { source, store, connection } = this._host;
    return new TableSync({
      source,
      store,
      storeId: connection.storeId,
      selection: this.selection,
      columns: COLUMNS
    });
  }

  private async _showCached(): Promise<void> {
    const sync = this._sync;
    const cached = await sync.readCached();
    const isFirst = this._freshness.asOfMs === null && sync === this._sync;
    if (cached && isFirst && !this.isDisposed) {
      const phase = this._freshness.error === null ? 'cached' : 'stale';
      this._live.show(cached);
      this._setFreshness({ ...this._freshness, phase, asOfMs: cached.asOfMs });
    }
  }

  /** A store that does not exist has no rows, and is asked nothing. */
  private _settle(): void {
    if (!this._host.isConfirmed) {
      return;
    }
    this._lastState = this._host.connection.state;
    if (this._isAbsent) {
      this._live.show(NOTHING);
      this._setFreshness({ ...UNKNOWN, phase: 'current', asOfMs: Date.now() });
    }
  }

  private _readNow(): void {
    if (!this._isWatched || this._latest.isRunning) {
      this._isDirty = true;
      return;
    }
    this._intervalMs = BUSY_MS;
    void this._poll.refresh();
  }

  private _pull(isWhole: boolean): Promise<void> {
    this._pulling = this._read(isWhole);
    return this._pulling;
  }

  private async _read(isWhole: boolean): Promise<void> {
    const askedMs = Date.now();
    this._isDirty = false;
    try {
      const current = await this._latest.run(signal =>
        this._sync.refresh({ isWhole, signal, onPage: this._onPage })
      );
      this._live.answer(current, askedMs);
      this._succeed(current);
      this._written = this._sync.write(current);
    } catch (error) {
      if (!isSuperseded(error) && !this.isDisposed) {
        this._failureCount += 1;
        this._setPace(nextRetryMs(this._failureCount, Math.random(), error));
        this._fail(error, Date.now() + this._intervalMs);
        this._host.askConnection().catch(() => undefined);
      }
    }
  }

  private _succeed(current: CachedTable): void {
    this._failureCount = 0;
    const { asOfMs } = current;
    this._setFreshness({ ...UNKNOWN, phase: 'current', asOfMs });
    this._setPace(nextReadMs(this._live.hasRunning, this._intervalMs));
    if (this._isDirty) {
      // Something was committed while the store was being read.
      this.readSoon();
    }
    this._host.onRead();
  }

  private _onPage = (table: RunTable): void => {
    if (this._freshness.phase === 'loading') {
      this._live.show({ ...NOTHING, table });
      this._gate.request();
    }
  };

  private _fail(error: unknown, nextTryMs: number | null): void {
    const failure = { error, nextTryMs };
    this._setFreshness(staleSince(this._freshness, failure, this._host));
  }

  private _setPace(interval: number): void {
    this._intervalMs = interval;
    const max = Math.max(SLOWEST_MS, interval);
    this._poll.frequency = { interval, max, backoff: false };
  }

  private _setFreshness(freshness: Freshness): void {
    this._freshness = freshness;
    this._gate.request();
  }

  private _freshness = UNKNOWN;
  private _lastState: ConnectionState | null = null;
  private _isHostSilent = false;
  private _isVisible = false;
  private _isDirty = false;
  private _intervalMs = BUSY_MS;
  private _failureCount = 0;
  private _sync: TableSync;
  private _pulling: Promise<void> = Promise.resolve();
  private _written: Promise<void> = Promise.resolve();
  private readonly _poll: Poll;
  private readonly _live: LiveTable;
  private readonly _latest = new Latest();
  private readonly _changed = new Signal<this, void>(this);
  private readonly _gate = new FrameGate(() => this._changed.emit());
  private readonly _readLater = new Debouncer(
    () => this._readNow(),
    DEBOUNCE_MS
  );
}
