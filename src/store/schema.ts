import type { DBSchema, IDBPDatabase } from 'idb';
import { openDB } from 'idb';
import type { Column } from '../runtable/runtable';
import type { RunKeys } from '../runtable/source';

/** Raise it when what is stored changes: older caches are then emptied. */
export const VERSION = 1;

/** A connection's store, and a selection of runs as text. */
export type TableKey = [storeId: string, selection: string];
export type ColumnKey = [storeId: string, selection: string, name: string];

/** A table without its columns, which are stored one by one. */
export type StoredTable = Readonly<{
  rowCount: number;
  columnNames: readonly string[];
  keys: RunKeys;
  /** When the store answered with these rows. */
  asOfMs: number;
  /** When it was last read or written: the least recent go first. */
  usedAtMs: number;
  /** Made anew by each write: tells what other tabs wrote. */
  writeId: string;
}>;

/** One record a column: one changes without the others. */
export type StoredColumn = Readonly<{ name: string; column: Column }>;

// An interface because idb asks for one; nobody implements it.
// eslint-disable-next-line @typescript-eslint/naming-convention -- DBSchema's way
export interface CacheSchema extends DBSchema {
  tables: { key: TableKey; value: StoredTable };
  columns: { key: ColumnKey; value: StoredColumn };
}

export type Cache = IDBPDatabase<CacheSchema>;

/**
 * Opens the cache; null where there can be none (private window, no quota,
 * blocked by another tab, no IndexedDB).
 */
export async function openCache(
  name: string,
  onClosed: () => void
): Promise<Cache | null> {
  try {
    return await new Promise<Cache>((resolve, reject) => {
      const opening = openDB<CacheSchema>(name, VERSION, {
        upgrade: makeStores,
        // Another tab holds an older version: do without rather than wait.
        blocked: () => reject(new Error('The cache is in use.')),
        blocking: (_, __, event) => {
          (event.target as IDBDatabase).close();
          onClosed();
        },
        terminated: onClosed
      });
      opening.then(resolve, reject);
    });
  } catch {
    // No cache, then: everything is asked of the store.
    return null;
  }
}

function makeStores(cache: Cache): void {
  for (const name of ['tables', 'columns'] as const) {
    if (cache.objectStoreNames.contains(name)) {
      cache.deleteObjectStore(name);
    }
    cache.createObjectStore(name);
  }
}
