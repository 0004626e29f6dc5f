import type { RunId } from '../mlflow/entities';
import { joinPatches } from '../runtable/live';
import type { RunPatch } from '../runtable/patch';

/**
 * Live patches that an answer of the store may not know yet: one a run. An
 * answer that was asked for before a patch came must not undo it.
 */
export class Overlay {
  add(patch: RunPatch, nowMs: number): void {
    const known = this._patches.get(patch.runId);
    const joined = known ? joinPatches(known.patch, patch) : patch;
    // At the end, so that the order is that of the last word of each run.
    this._patches.delete(patch.runId);
    this._patches.set(patch.runId, { patch: joined, atMs: nowMs });
  }

  get patches(): readonly RunPatch[] {
    return [...this._patches.values()].map(({ patch }) => patch);
  }

  /** Forget the runs of which nothing was heard since. */
  dropBefore(timeMs: number): void {
    for (const [runId, { atMs }] of this._patches) {
      if (atMs < timeMs) {
        this._patches.delete(runId);
      }
    }
  }

  clear(): void {
    this._patches.clear();
  }

  private readonly _patches = new Map<
    RunId,
    Readonly<{ patch: RunPatch; atMs: number }>
  >();
}
