import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

/** Whether anybody can see the page. */
export interface IVisibility {
  readonly isVisible: boolean;
  readonly changed: ISignal<IVisibility, void>;
}

/** The visibility of the browser's page. */
export class PageVisibility implements IVisibility, IDisposable {
  constructor() {
    document.addEventListener('visibilitychange', this._onChange);
  }

  get isVisible(): boolean {
    return !document.hidden;
  }

  get changed(): ISignal<IVisibility, void> {
    return this._changed;
  }

  readonly isDisposed = false;

  dispose(): void {
    document.removeEventListener('visibilitychange', this._onChange);
    Signal.clearData(this);
  }

  private _onChange = (): void => this._changed.emit();
  private _changed = new Signal<this, void>(this);
}
