import type { IDisposable } from '@lumino/disposable';
import { Poll } from '@lumino/polling';
import { Signal } from '@lumino/signaling';
import type { ServerStatus } from '../gateway/connections';
import { MlflowError } from '../mlflow/errors';
import { nextRetryMs } from './pace';
import type { IVisibility } from './visibility';

const STARTING_MS = 1000;
const STATUS_MS = 60000;
const SLOWEST_MS = 2 * STATUS_MS;

type StatusPollOptions = Readonly<{
  ask: () => Promise<ServerStatus>;
  onStatus: (status: ServerStatus) => void;
  /** `nextTryMs` is null where the server part is missing. */
  onFailed: (error: unknown, nextTryMs: number | null) => void;
  visibility: IVisibility;
}>;

/**
 * Asks the server for its connections: at once, then each minute, more often
 * while one starts, with growing pauses after failures. A hidden page asks once.
 */
export class StatusPoll implements IDisposable {
  constructor(private readonly _options: StatusPollOptions) {
    const { visibility } = _options;
    this._poll = new Poll({
      auto: false,
      factory: () => this._askOnce(),
      frequency: { interval: STATUS_MS, max: SLOWEST_MS, backoff: false },
      standby: () => !visibility.isVisible && this._askedMs !== null,
      name: 'jupyterlab-experiments:status'
    });
    visibility.changed.connect(this._onSeen, this);
    visibility.online.connect(this._onOnline, this);
  }

  get isDisposed(): boolean {
    return this._poll.isDisposed;
  }

  start(): void {
    void this._poll.start();
  }

  /** Ask now. */
  async refresh(): Promise<void> {
    await this._askOnce();
    if (!this.isDisposed) {
      void this._poll.schedule();
    }
  }

  dispose(): void {
    this._poll.dispose();
    Signal.clearData(this);
  }

  /** One question at a time: whoever asks meanwhile gets its answer. */
  private _askOnce(): Promise<void> {
    this._asking ??= this._ask().finally(() => {
      this._asking = null;
    });
    return this._asking;
  }

  private async _ask(): Promise<void> {
    this._askedMs = Date.now();
    try {
      const status = await this._options.ask();
      this._failureCount = 0;
      this._options.onStatus(status);
      const isStarting = status.connections.some(
        connection => connection.state === 'starting'
      );
      this._setPace(isStarting ? STARTING_MS : STATUS_MS);
    } catch (error) {
      this._fail(error);
    }
  }

  private _fail(error: unknown): void {
    this._failureCount += 1;
    const delayMs = nextRetryMs(this._failureCount, Math.random(), error);
    const isMissing = isServerMissing(error);
    this._setPace(isMissing ? SLOWEST_MS : delayMs);
    this._options.onFailed(error, isMissing ? null : Date.now() + delayMs);
  }

  /** While the page was hidden nothing was asked. */
  private _onSeen(): void {
    const ageMs = Date.now() - (this._askedMs ?? 0);
    const isDue = ageMs > STATUS_MS || this._failureCount > 0;
    if (this._options.visibility.isVisible && isDue) {
      void this.refresh();
    }
  }

  private _onOnline(): void {
    if (this._failureCount > 0) {
      void this.refresh();
    }
  }

  private _setPace(interval: number): void {
    const max = Math.max(SLOWEST_MS, interval);
    this._poll.frequency = { interval, max, backoff: false };
  }

  private _asking: Promise<void> | null = null;
  private _askedMs: number | null = null;
  private _failureCount = 0;
  private readonly _poll: Poll;
}

/** No such route, or a page in its place: the server part is not there. */
function isServerMissing(error: unknown): boolean {
  return (
    error instanceof MlflowError &&
    error.status !== 429 &&
    (error.kind === 'notFound' || error.kind === 'invalid')
  );
}
