import type { ISessionContext } from '@jupyterlab/apputils';
import type { Kernel } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { TellWithPart } from './bootstrap';
import { askingCode, autologgingCode, tellingCode } from './bootstrap';
import type { Telling } from './messages';

/** The part of a session's context that a teller uses. */
export type Told = Pick<
  ISessionContext,
  | 'session'
  | 'specsManager'
  | 'kernelChanged'
  | 'statusChanged'
  | 'connectionStatusChanged'
>;

export type TellerOptions = Readonly<{
  session: Told;
  /** What a kernel is to know now. */
  telling: () => Telling;
  /**
   * Nothing speaks for this notebook's id yet: a kernel that is older than
   * this page may know it, so it is asked (told all but an id) first.
   */
  isAsking: () => boolean;
  /** Tells kernels that may lack our package; null while not fetched. */
  kernelPart: () => TellWithPart | null;
  /** Before this a kernel is told only because a cell is about to run. */
  ready: () => Promise<void>;
}>;

/** States after which a kernel knows nothing of what it was told. */
const BEGINNINGS: readonly Kernel.Status[] = [
  'starting',
  'restarting',
  'autorestarting'
];

/**
 * Tells the kernels of one notebook which notebook they serve: once in each
 * life of a kernel, before its first cell, and again when that changes.
 */
export class Teller implements IDisposable {
  constructor(options: TellerOptions) {
    this._options = options;
    const { session } = options;
    session.kernelChanged.connect(this._onKernelChanged, this);
    session.statusChanged.connect(this._onStatusChanged, this);
    session.connectionStatusChanged.connect(this._onConnectionChanged, this);
    this._onKernelChanged();
  }

  /** A new life began, or the kernel was told. */
  readonly changed: ISignal<Teller, void> = new Signal<Teller, void>(this);

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Number of lives of kernels seen so far. */
  get life(): number {
    return this._life;
  }

  /** When the kernel of now was told, in ms since 1970; null if it was not. */
  get toldAtMs(): number | null {
    return this._toldLife === this._life ? this._toldAtMs : null;
  }

  /** Language of the kernel, lower case; empty while unknown. */
  get language(): string {
    const kernel = this._kernel;
    if (!kernel) {
      return '';
    }
    const specs = this._options.session.specsManager.specs?.kernelspecs;
    const language = specs?.[kernel.name]?.language;
    return (language ?? this._languages.get(kernel.id) ?? '').toLowerCase();
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  /** This life of the kernel has answered: it has our package. */
  heard(): void {
    this._heardLife = this._life;
  }

  /** Tell now, unless this life knows; for use just before a cell is sent. */
  tellOnce(): void {
    if (this._toldLife !== this._life) {
      this._tell(this._options.telling());
    }
  }

  /** Tell what has changed to a kernel that was told before. */
  tellAgain(): void {
    if (this._toldLife === this._life) {
      this._tell(this._options.telling());
    }
  }

  /** The kernel part has come: kernels that were told without it may lack it. */
  tellUnheard(): void {
    if (this._heardLife !== this._life) {
      this._toldLife = -1;
      void this._tellWhenReady(this._kernel);
    }
  }

  /** Turn autologging on or off in a kernel that has our package. */
  async setAutologging(isOn: boolean): Promise<void> {
    this.tellOnce();
    await this._send(autologgingCode(isOn));
  }

  private get _kernel(): Kernel.IKernelConnection | null {
    return this._options.session.session?.kernel ?? null;
  }

  private _tell(telling: Telling): void {
    if (this.language !== 'python') {
      return;
    }
    const life = this._life;
    // A kernel that is only asked is to be told before its first cell.
    this._toldLife = telling.notebook_id === '' ? -1 : life;
    this._toldAtMs = Date.now();
    void this._send(this._code(telling)).then(isDone => {
      // Queued behind a cell that failed, a request is dropped unanswered.
      if (!isDone && this._toldLife === life) {
        this._toldLife = -1;
      }
    });
    this._emitChanged();
  }

  private _code(telling: Telling): string {
    if (this._heardLife === this._life) {
      return tellingCode(telling);
    }
    const tell = this._options.kernelPart() ?? askingCode;
    return tell(telling);
  }

  /** Send silently; false if the kernel did not do it. */
  private async _send(code: string): Promise<boolean> {
    try {
      const future = this._kernel?.requestExecute({
        code,
        silent: true,
        store_history: false,
        stop_on_error: false,
        allow_stdin: false
      });
      const reply = await future?.done;
      return reply?.content.status === 'ok';
    } catch {
      // A kernel that ends or restarts cancels its requests: it is told anew.
      return false;
    }
  }

  private _onKernelChanged(): void {
    const kernel = this._kernel;
    if (kernel?.id !== this._kernelId) {
      this._kernelId = kernel?.id;
      this._beginLife();
    }
    void this._tellWhenReady(kernel);
  }

  private _onStatusChanged(_: unknown, status: Kernel.Status): void {
    if (BEGINNINGS.includes(status)) {
      this._beginLife();
    }
  }

  private _onConnectionChanged(
    _: unknown,
    status: Kernel.ConnectionStatus
  ): void {
    if (status === 'connected') {
      void this._tellWhenReady(this._kernel);
    }
  }

  private async _tellWhenReady(
    kernel: Kernel.IKernelConnection | null
  ): Promise<void> {
    if (!kernel) {
      return;
    }
    try {
      const { language_info } = await kernel.info;
      this._languages.set(kernel.id, language_info.name);
      await this._options.ready();
    } catch {
      // It ended before it was ready: there is nobody to tell.
      return;
    }
    if (this._isDisposed || kernel !== this._kernel) {
      return;
    }
    if (this._heardLife !== this._life && this._options.isAsking()) {
      this._tell({ ...this._options.telling(), notebook_id: '' });
    } else {
      this.tellOnce();
    }
  }

  private _beginLife(): void {
    this._life += 1;
    this._emitChanged();
  }

  private _emitChanged(): void {
    (this.changed as Signal<Teller, void>).emit();
  }

  private readonly _options: TellerOptions;
  private readonly _languages = new Map<string, string>();
  private _kernelId: string | undefined = undefined;
  private _life = 0;
  private _toldLife = -1;
  private _heardLife = -1;
  private _toldAtMs: number | null = null;
  private _isDisposed = false;
}
