import { rowIndex } from '../runtable/build';
import type { Column, RunTable } from '../runtable/runtable';
import type { RunKeys, RunSelection } from '../runtable/source';
import type {
  Cache,
  ColumnKey,
  StoredColumn,
  StoredTable,
  TableKey
} from './schema';
import { openCache } from './schema';

/** A table as it was last seen. */
export type CachedTable = Readonly<{
  table: RunTable;
  keys: RunKeys;
  asOfMs: number;
}>;

/** Selections kept of all stores; the least recently used go. */
const MOST_TABLES = 100;

/**
 * The last tables of each store, in IndexedDB, one record a column. Where
 * there is no IndexedDB, or no room, it holds nothing and never fails.
 */
export class ColumnStore {
  /** The name holds base URL and user: a cache is of one person on one server. */
  constructor(private readonly _name: string) {}

  /** The last table of a selection, or null. */
  async readTable(
    storeId: string,
    selection: RunSelection
  ): Promise<CachedTable | null> {
    const key: TableKey = [storeId, selectionKey(selection)];
    return this._try(async cache => {
      const transaction = cache.transaction(['tables', 'columns']);
      const [stored, columns] = await Promise.all([
        transaction.objectStore('tables').get(key),
        transaction.objectStore('columns').getAll(within(key)),
        transaction.done
      ]);
      return stored ? toCached(stored, columns) : null;
    });
  }

  /** Keep a table; only columns that changed since the last write are written. */
  async writeTable(
    storeId: string,
    selection: RunSelection,
    cached: CachedTable
  ): Promise<void> {
    const key: TableKey = [storeId, selectionKey(selection)];
    await this._try(async cache => {
      await this._write(cache, key, cached);
      await dropLeastUsed(cache);
    });
  }

  /** Forget all tables of a store. */
  async drop(storeId: string): Promise<void> {
    await this._try(async cache => {
      const range = IDBKeyRange.bound([storeId], [storeId, []]);
      const transaction = cache.transaction(['tables', 'columns'], 'readwrite');
      await Promise.all([
        transaction.objectStore('tables').delete(range),
        transaction.objectStore('columns').delete(range),
        transaction.done
      ]);
    });
  }

  /** Close the database; what is under way ends first. */
  async close(): Promise<void> {
    const cache = await this._cache;
    this._cache = Promise.resolve(null);
    cache?.close();
  }

  private async _write(
    cache: Cache,
    key: TableKey,
    cached: CachedTable
  ): Promise<void> {
    const transaction = cache.transaction(['tables', 'columns'], 'readwrite');
    const done = transaction.done;
    try {
      const writeId = `${Date.now()}-${Math.random()}`;
      const tables = transaction.objectStore('tables');
      const stored = await tables.get(key);
      const written = this._written.get(key.join(' '));
      // Another tab may have written since, with its rows in another order.
      const isOurs =
        stored !== undefined && stored.writeId === written?.writeId;
      await Promise.all([
        tables.put(toStored(cached, writeId), key),
        ...writeColumns(
          transaction.objectStore('columns'),
          { key, known: isOurs ? (written?.columns ?? null) : null },
          cached.table.columns
        ),
        done
      ]);
      const { columns } = cached.table;
      this._written.set(key.join(' '), { writeId, columns });
    } catch (error) {
      // Columns of half a write would lie beside rows of another order.
      abort(transaction);
      await done.catch(() => undefined);
      throw error;
    }
  }

  /** Whatever the cache fails with, there is just nothing kept. */
  private async _try<T>(use: (cache: Cache) => Promise<T>): Promise<T | null> {
    this._cache ??= openCache(this._name, () => {
      this._cache = null;
    });
    const cache = await this._cache;
    if (!cache) {
      return null;
    }
    try {
      return await use(cache);
    } catch {
      // No quota, closed under our hands: the panel reads from the store.
      return null;
    }
  }

  private _cache: Promise<Cache | null> | null = null;
  private readonly _written = new Map<string, Written>();
}

type ColumnsToWrite = Readonly<{
  put(value: StoredColumn, key: ColumnKey): Promise<unknown>;
  delete(key: ColumnKey | IDBKeyRange): Promise<unknown>;
}>;

/** Writes what differs from the columns known to be there; null: all. */
function writeColumns(
  store: ColumnsToWrite,
  { key, known }: { key: TableKey; known: Written['columns'] | null },
  columns: Written['columns']
): Promise<unknown>[] {
  const gone = known
    ? [...known.keys()].filter(name => !columns.has(name))
    : null;
  const changed = [...columns].filter(
    ([name, column]) => known?.get(name) !== column
  );
  return [
    ...(gone ?? [null]).map(name =>
      store.delete(name === null ? within(key) : [...key, name])
    ),
    ...changed.map(([name, column]) =>
      store.put({ name, column }, [...key, name])
    )
  ];
}

function abort(transaction: Readonly<{ abort(): void }>): void {
  try {
    transaction.abort();
  } catch {
    // It had failed, and so ended, by itself.
  }
}

type Written = Readonly<{
  writeId: string;
  columns: ReadonlyMap<string, Column>;
}>;

/** The same text for equal selections. */
export function selectionKey(selection: RunSelection): string {
  const { experimentIds, notebook, viewType = 'ACTIVE_ONLY' } = selection;
  return JSON.stringify([
    viewType,
    experimentIds ? [...experimentIds].sort() : null,
    notebook ? [notebook.id, notebook.path] : null
  ]);
}

function within(key: TableKey): IDBKeyRange {
  return IDBKeyRange.bound(key, [...key, []]);
}

function toStored(cached: CachedTable, writeId: string): StoredTable {
  const { table, keys, asOfMs } = cached;
  return {
    rowCount: table.rowCount,
    columnNames: [...table.columns.keys()],
    keys,
    asOfMs,
    usedAtMs: Date.now(),
    writeId
  };
}

function toCached(
  stored: StoredTable,
  columns: readonly StoredColumn[]
): CachedTable | null {
  const byName = new Map(columns.map(({ name, column }) => [name, column]));
  const ids = byName.get('run_id');
  const isWhole = stored.columnNames.every(
    name => lengthOf(byName.get(name)) === stored.rowCount
  );
  if (!isWhole || ids?.kind !== 'text') {
    return null;
  }
  const inOrder = new Map(
    stored.columnNames.map(name => [name, byName.get(name) as Column])
  );
  const { rowCount, keys, asOfMs } = stored;
  const table = { rowCount, columns: inOrder, rows: rowIndex(ids) };
  return { table, keys, asOfMs };
}

function lengthOf(column: Column | undefined): number {
  if (!column) {
    return -1;
  }
  return column.kind === 'text' ? column.codes.length : column.values.length;
}

async function dropLeastUsed(cache: Cache): Promise<void> {
  const count = await cache.count('tables');
  if (count <= MOST_TABLES) {
    return;
  }
  const [keys, tables] = await Promise.all([
    cache.getAllKeys('tables'),
    cache.getAll('tables')
  ]);
  const byUse = keys
    .map((key, index) => ({ key, usedAtMs: tables[index]?.usedAtMs ?? 0 }))
    .sort((a, b) => a.usedAtMs - b.usedAtMs);
  for (const { key } of byUse.slice(0, count - MOST_TABLES)) {
    await cache.delete('columns', within(key));
    await cache.delete('tables', key);
  }
}
