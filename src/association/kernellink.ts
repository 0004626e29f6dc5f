import type { NotebookPanel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import { CONTRACT } from '../contract';
import { KernelChannel } from '../kernel/channel';
import type { KernelState, LiveMessage } from '../kernel/messages';
import type { TellerOptions } from '../kernel/telling';
import { Teller } from '../kernel/telling';
import type { NotebookKernel } from '../tokens';
import { describeKernel } from './kernelview';
import type { FindConnection } from './ownconnection';
import { OwnConnection } from './ownconnection';

export type KernelLinkOptions = Omit<TellerOptions, 'session'> &
  Readonly<{
    session: NotebookPanel['sessionContext'];
    findConnection: FindConnection;
    /** Connection that the kernel is told to log to. */
    toldConnectionId: () => string;
  }>;

/** One notebook's kernels: what they are told, and what they say. */
export class KernelLink implements IDisposable {
  constructor(private readonly _options: KernelLinkOptions) {
    const { session } = _options;
    this._own = new OwnConnection(_options.findConnection, () =>
      this._emitChanged()
    );
    this._channel = new KernelChannel(session, CONTRACT.commId);
    this.teller = new Teller(_options);
    this._life = this.teller.life;
    session.statusChanged.connect(this._emitChanged, this);
    this._channel.received.connect(this._onReceived, this);
    this.teller.changed.connect(this._onTellerChanged, this);
  }

  readonly teller: Teller;

  /** The kernel, its state or its connection changed. */
  readonly changed: ISignal<this, void> = new Signal<this, void>(this);

  /** What the kernels publish. */
  readonly received: ISignal<this, LiveMessage> = new Signal<this, LiveMessage>(
    this
  );

  /** The first word of a life: which notebook that kernel serves. */
  readonly greeted: ISignal<this, KernelState> = new Signal<this, KernelState>(
    this
  );

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Connection of what the kernel logs; null where it is not on offer here. */
  get runsConnectionId(): string | null {
    const told = this._state?.connectionId ?? null;
    if (this._state?.trackingKind === 'own') {
      return told ?? this._own.id;
    }
    return told ?? this._options.toldConnectionId();
  }

  /** Resolves when it is known whether `runsConnectionId` is. */
  get connectionFound(): Promise<void> {
    return this._own.found;
  }

  get kernel(): NotebookKernel | null {
    const kernel = this._options.session.session?.kernel;
    if (!kernel) {
      return null;
    }
    const seen = {
      id: kernel.id,
      language: this.teller.language,
      isBusy: kernel.status === 'busy',
      toldAtMs: this.teller.toldAtMs,
      connectionId: this.runsConnectionId
    };
    return describeKernel(seen, this._state);
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this.teller.dispose();
      this._channel.dispose();
      Signal.clearData(this);
    }
  }

  private _onTellerChanged(): void {
    if (this._life !== this.teller.life) {
      this._life = this.teller.life;
      this._state = null;
      this._own.forget();
    }
    this._emitChanged();
  }

  private _onReceived(_: KernelChannel, message: LiveMessage): void {
    if (message.kind === 'state') {
      this._onState(message.state);
    }
    (this.received as Signal<this, LiveMessage>).emit(message);
  }

  private _onState(state: KernelState): void {
    const isFirst = this._state === null;
    this._state = state;
    this.teller.heard();
    if (state.trackingKind === 'own' && state.connectionId === null) {
      this._own.follow(state.kernelId, state.trackingRevision);
    } else {
      this._own.forget();
    }
    if (isFirst) {
      (this.greeted as Signal<this, KernelState>).emit(state);
    }
    this._emitChanged();
  }

  private _emitChanged(): void {
    if (!this._isDisposed) {
      (this.changed as Signal<this, void>).emit();
    }
  }

  private readonly _own: OwnConnection;
  private readonly _channel: KernelChannel;
  private _state: KernelState | null = null;
  private _life: number;
  private _isDisposed = false;
}
