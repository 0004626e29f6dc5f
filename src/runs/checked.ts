import type { RunId } from '../mlflow/entities';

/** The checked runs; they stay checked under any filter and sort. */
export class Checked {
  /** `changed` is called after each change. */
  constructor(private readonly _onChanged: () => void) {}

  get runIds(): ReadonlySet<RunId> {
    return this._runIds;
  }

  get size(): number {
    return this._runIds.size;
  }

  has(runId: RunId): boolean {
    return this._runIds.has(runId);
  }

  /** Check exactly these. */
  set(runIds: Iterable<RunId>): void {
    this._runIds = new Set(runIds);
    this._onChanged();
  }

  add(runIds: Iterable<RunId>): void {
    this.set([...this._runIds, ...runIds]);
  }

  toggle(runId: RunId): void {
    const runIds = new Set(this._runIds);
    if (!runIds.delete(runId)) {
      runIds.add(runId);
    }
    this.set(runIds);
  }

  clear(): void {
    if (this._runIds.size > 0) {
      this.set([]);
    }
  }

  private _runIds: ReadonlySet<RunId> = new Set();
}
