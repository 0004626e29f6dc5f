import { mergeTables } from '../runtable/merge';
import type { RunTable } from '../runtable/runtable';
import { EMPTY_TABLE } from '../runtable/runtable';
import type {
  IRunSource,
  RunKeys,
  RunSelection,
  TableAnswer
} from '../runtable/source';
import type { CachedTable, ColumnStore } from './columnstore';

type SyncOptions = Readonly<{
  source: IRunSource;
  store: ColumnStore;
  storeId: string;
  selection: RunSelection;
  /** Beyond the frame. */
  columns: readonly string[];
}>;

/** Below this many rows the whole is read: it is quick and misses nothing. */
const SMALL = 5000;
/** After this many answers by cursor the whole is read once more. */
const MOST_PARTS = 20;

export const NO_KEYS: RunKeys = { metrics: [], params: [], tags: [] };

/** Keeps the table of one selection equal to the store: fetch, merge, write. */
export class TableSync {
  constructor(private readonly _options: SyncOptions) {}

  /** The table as it was last seen, or null. */
  readCached(): Promise<CachedTable | null> {
    const { store, storeId, selection } = this._options;
    return store.readTable(storeId, selection);
  }

  /**
   * Ask the store. With `isWhole` nothing is taken over from before: late
   * tags and deletions of old runs are seen, too.
   */
  async refresh(
    options: Readonly<{
      isWhole: boolean;
      signal: AbortSignal;
      onPage?: (table: RunTable) => void;
    }>
  ): Promise<CachedTable> {
    const { source, selection, columns } = this._options;
    const cursor = options.isWhole ? undefined : this._usableCursor();
    const answer = await source.readTable(
      { selection, columns, cursor },
      options.signal,
      ({ table }) => options.onPage?.(table)
    );
    const table = this._merged(answer);
    const keys = await this._readKeys(answer, options.signal);
    const current = { table, keys, asOfMs: Date.now() };
    this._current = current;
    this._cursor = answer.cursor;
    this._partCount = answer.isPartial ? this._partCount + 1 : 0;
    return current;
  }

  /** Keep what is shown for the next time JupyterLab opens. */
  write(cached: CachedTable): Promise<void> {
    const { store, storeId, selection } = this._options;
    return store.writeTable(storeId, selection, cached);
  }

  private _usableCursor(): string | undefined {
    const isSmall = (this._current?.table.rowCount ?? 0) < SMALL;
    return isSmall || this._partCount >= MOST_PARTS
      ? undefined
      : (this._cursor ?? undefined);
  }

  private _merged({ table, isPartial }: TableAnswer): RunTable {
    return isPartial
      ? mergeTables(this._current?.table ?? EMPTY_TABLE, table)
      : table;
  }

  private async _readKeys(
    answer: TableAnswer,
    signal: AbortSignal
  ): Promise<RunKeys> {
    const known = this._current?.keys;
    if (known && answer.isPartial) {
      return known;
    }
    try {
      return await this._options.source.readKeys(
        this._options.selection,
        signal
      );
    } catch (error) {
      if (signal.aborted) {
        throw error;
      }
      // The rows are worth more than the list of all keys.
      return known ?? NO_KEYS;
    }
  }

  private _current: CachedTable | null = null;
  private _cursor: string | null = null;
  private _partCount = 0;
}
