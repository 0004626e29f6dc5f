import { Signal } from '@lumino/signaling';
import type { IRunView } from '../../tokens';
import type { TestRun } from './tables';
import { keysIn, tableOf } from './tables';

/** A view whose runs a test sets. */
export class TestView {
  constructor(runs: readonly TestRun[]) {
    this.table = tableOf(runs);
    this.keys = keysIn(runs);
  }
  selection = {};
  table;
  keys;
  freshness = {
    phase: 'current',
    asOfMs: 0,
    error: null,
    nextTryMs: null
  } as const;
  changed = new Signal<IRunView, void>(this as unknown as IRunView);
  isVisible = true;
  isDisposed = false;
  set(runs: readonly TestRun[]): void {
    this.table = tableOf(runs);
    this.keys = keysIn(runs);
    this.changed.emit();
  }
  async refresh(): Promise<void> {}
  dispose(): void {}
}
