import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { RunTable } from '../runtable/runtable';
import type { RunKeys, RunSelection } from '../runtable/source';
import type { Freshness, IRunView } from '../tokens';
import type { SelectedRows } from './rows';

/** One looker at the rows of a selection, which it shares with others. */
export class RunView implements IRunView {
  constructor(
    private readonly _rows: SelectedRows,
    private readonly _onChange: (view: RunView) => void
  ) {
    _rows.changed.connect(this._onRowsChanged, this);
  }

  get selection(): RunSelection {
    return this._rows.selection;
  }

  get table(): RunTable {
    return this._rows.table;
  }

  get keys(): RunKeys {
    return this._rows.keys;
  }

  get freshness(): Freshness {
    return this._rows.freshness;
  }

  get changed(): ISignal<IRunView, void> {
    return this._changed;
  }

  get isVisible(): boolean {
    return this._isVisible;
  }
  set isVisible(isVisible: boolean) {
    if (isVisible !== this._isVisible) {
      this._isVisible = isVisible;
      this._onChange(this);
    }
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  refresh(): Promise<void> {
    return this._rows.refresh();
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._isVisible = false;
      Signal.clearData(this);
      this._onChange(this);
    }
  }

  private _onRowsChanged(): void {
    this._changed.emit();
  }

  private _isVisible = true;
  private _isDisposed = false;
  private readonly _changed = new Signal<this, void>(this);
}
