import type { RunTable } from '../runtable/runtable';

/**
 * Keeps rows in their places while a pointer or the focus rests on them: the
 * order shown last is carried over to a newer table, and new runs wait.
 */
export class Holding {
  isHeld = false;

  /** Matching runs without a row. */
  get pendingCount(): number {
    return this._pendingCount;
  }

  /** Let the next arrangement take all rows in. */
  release(): void {
    this._shown = null;
    this._pendingCount = 0;
  }

  /** The order to show, given the one a fresh arrangement would show. */
  arrange(table: RunTable, fresh: Uint32Array): Uint32Array {
    const kept = this.isHeld && this._shown ? carry(this._shown, table) : null;
    const order = kept ?? fresh;
    this._pendingCount = kept ? countNew(fresh, kept, table.rowCount) : 0;
    this._shown = { table, order };
    return order;
  }

  private _shown: Shown | null = null;
  private _pendingCount = 0;
}

type Shown = Readonly<{ table: RunTable; order: Uint32Array }>;

/** The order of an older table in terms of a newer one's rows. */
function carry(shown: Shown, table: RunTable): Uint32Array {
  if (shown.table === table) {
    return shown.order;
  }
  const moved = new Int32Array(shown.table.rowCount).fill(-1);
  for (const [runId, row] of shown.table.rows) {
    moved[row] = table.rows.get(runId) ?? -1;
  }
  return shown.order.map(row => moved[row]).filter(row => row !== 0xffffffff);
}

function countNew(
  fresh: Uint32Array,
  kept: Uint32Array,
  rowCount: number
): number {
  const isKept = new Uint8Array(rowCount);
  kept.forEach(row => (isKept[row] = 1));
  return fresh.reduce((count, row) => count + (isKept[row] ? 0 : 1), 0);
}
