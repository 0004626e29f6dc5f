import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

/** Whether anybody can see the page, and whether it can reach anything. */
export interface IVisibility {
  readonly isVisible: boolean;
  readonly changed: ISignal<IVisibility, void>;
  /** The network is there again. */
  readonly online: ISignal<IVisibility, void>;
}

/** The visibility of the browser's page. */
export class PageVisibility implements IVisibility, IDisposable {
  constructor() {
    document.addEventListener('visibilitychange', this._onChange);
    window.addEventListener('online', this._onOnline);
  }

  get isVisible(): boolean {
    return !document.hidden;
  }

  get changed(): ISignal<IVisibility, void> {
    return this._changed;
  }

  get online(): ISignal<IVisibility, void> {
    return this._online;
  }

  readonly isDisposed = false;

  dispose(): void {
    document.removeEventListener('visibilitychange', this._onChange);
    window.removeEventListener('online', this._onOnline);
    Signal.clearData(this);
  }

  private _onChange = (): void => this._changed.emit();
  private _onOnline = (): void => this._online.emit();
  private _changed = new Signal<this, void>(this);
  private _online = new Signal<this, void>(this);
}
