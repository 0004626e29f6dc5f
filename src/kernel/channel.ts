import type { ISessionContext } from '@jupyterlab/apputils';
import type { KernelMessage } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import { decodeLiveMessage } from './decodemessages';
import type { LiveMessage } from './messages';

/** The part of a session's context that a channel hears. */
export type Heard = Pick<ISessionContext, 'iopubMessage'>;

/**
 * Hears what the kernels of one notebook publish about their runs: through
 * the session's context, so that it outlives restarts and reconnections.
 */
export class KernelChannel implements IDisposable {
  constructor(
    session: Heard,
    private readonly _commId: string
  ) {
    session.iopubMessage.connect(this._onMessage, this);
  }

  readonly received: ISignal<KernelChannel, LiveMessage> = new Signal<
    KernelChannel,
    LiveMessage
  >(this);

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  private _onMessage(_: unknown, message: KernelMessage.IMessage): void {
    if (message.header.msg_type !== 'comm_msg') {
      return;
    }
    const content = message.content as KernelMessage.ICommMsgMsg['content'];
    if (content.comm_id !== this._commId) {
      return;
    }
    const decoded = this._decode(content.data);
    if (decoded) {
      (this.received as Signal<KernelChannel, LiveMessage>).emit(decoded);
    }
  }

  private _decode(content: unknown): LiveMessage | null {
    try {
      return decodeLiveMessage(content);
    } catch (error) {
      // Once: a kernel of another version may send thousands of these.
      if (!this._hasWarned) {
        this._hasWarned = true;
        console.warn('Experiments: a message of the kernel is dropped.', error);
      }
      return null;
    }
  }

  private _isDisposed = false;
  private _hasWarned = false;
}
