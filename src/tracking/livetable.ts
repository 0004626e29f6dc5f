import { TagKeys } from '../mlflow/tags';
import type { PatchRules } from '../runtable/live';
import { applyPatches, hasRunning, isSelected } from '../runtable/live';
import type { RunPatch } from '../runtable/patch';
import type { RunTable } from '../runtable/runtable';
import { EMPTY_TABLE } from '../runtable/runtable';
import type { RunKeys, RunSelection } from '../runtable/source';
import type { CachedTable } from '../store/columnstore';
import { NO_KEYS } from '../store/sync';
import { keysWithColumns } from './keys';
import { Overlay } from './overlay';

/** Tags that rows, details and badges read. */
export const ROW_TAGS: readonly string[] = [
  TagKeys.note,
  TagKeys.cellHash,
  TagKeys.executionCount,
  TagKeys.error,
  TagKeys.kernelId,
  TagKeys.gitCommit,
  TagKeys.gitBranch,
  TagKeys.gitDirty,
  TagKeys.gitRepository,
  'mlflow.autologging'
];

const TAG_KEYS: ReadonlySet<string> = new Set(ROW_TAGS);
/** A kernel may tell of a write before the store shows it. */
const GRACE_MS = 3000;

export const NOTHING: CachedTable = {
  table: EMPTY_TABLE,
  keys: NO_KEYS,
  asOfMs: 0
};

/** The last answer of the store with what kernels said since on top. */
export class LiveTable {
  constructor(private readonly _selection: RunSelection) {}

  get table(): RunTable {
    if (this._pending.length > 0) {
      const patches = this._pending;
      this._pending = [];
      this._table = applyPatches(this._table, patches, this._rules());
    }
    return this._table;
  }

  get keys(): RunKeys {
    const table = this.table;
    if (this._keysOf !== table) {
      this._keysOf = table;
      this._keys = keysWithColumns(this._base.keys, table);
    }
    return this._keys;
  }

  get hasRunning(): boolean {
    return hasRunning(this.table, Date.now());
  }

  /** Take an answer that was asked for at that time. */
  answer(base: CachedTable, askedMs: number): void {
    this._overlay.dropBefore(askedMs - GRACE_MS);
    this.show(base);
  }

  /** Show this under what kernels said. */
  show(base: CachedTable): void {
    this._base = base;
    this._pending = [];
    this._keysOf = null;
    const patches = this._overlay.patches;
    this._table = applyPatches(base.table, patches, this._rules());
  }

  /** Forget everything. */
  clear(): void {
    this._overlay.clear();
    this.show(NOTHING);
  }

  /** Take a patch; false when it is about a run of no concern. */
  receive(patch: RunPatch): boolean {
    const isKnown = this.table.rows.has(patch.runId);
    if (!isKnown && !isSelected(patch, this._selection)) {
      return false;
    }
    this._overlay.add(patch, Date.now());
    this._pending.push(patch);
    return true;
  }

  private _rules(): PatchRules {
    return {
      selection: this._selection,
      tagKeys: TAG_KEYS,
      nowMs: Date.now()
    };
  }

  private _base = NOTHING;
  private _table = EMPTY_TABLE;
  private _pending: RunPatch[] = [];
  private _keys = NO_KEYS;
  private _keysOf: RunTable | null = null;
  private readonly _overlay = new Overlay();
}
