import 'fake-indexeddb/auto';
import { describe, expect, it, vi } from 'vitest';
import { tableOfValues } from '../../runtable/build';
import { textAt } from '../../runtable/runtable';
import { ColumnStore } from '../columnstore';
import { NO_KEYS } from '../sync';

const ALL = {};

function cachedOf(runIds: string[], losses: number[] = []) {
  const table = tableOfValues({
    run_id: runIds,
    'metrics.loss': runIds.map((_, row) => losses[row] ?? NaN)
  });
  return { table, keys: NO_KEYS, asOfMs: 5 };
}

let count = 0;
const freshName = () => `cache-${count++}`;

async function idsIn(store: ColumnStore, storeId: string, selection = ALL) {
  const cached = await store.readTable(storeId, selection);
  const column = cached?.table.columns.get('run_id');
  return cached && cached.table.rowCount > 0
    ? Array.from({ length: cached.table.rowCount }, (_, row) =>
        textAt(column, row)
      )
    : null;
}

describe('the cache', () => {
  it('gives back the tables of each selection as they were', async () => {
    const name = freshName();
    const store = new ColumnStore(name);
    await store.writeTable('s', ALL, cachedOf(['b', 'a'], [NaN, 1]));
    await store.writeTable('s', { experimentIds: ['1'] }, cachedOf(['c']));
    await store.close();
    const again = await new ColumnStore(name).readTable('s', ALL);
    expect(again?.asOfMs).toBe(5);
    expect(again?.table.rows.get('a')).toBe(1);
    expect(again?.table.columns.get('metrics.loss')).toMatchObject({
      values: Float64Array.of(NaN, 1),
      missing: null
    });
  });

  it('forgets one store and keeps the others', async () => {
    const store = new ColumnStore(freshName());
    await store.writeTable('s', ALL, cachedOf(['a']));
    await store.writeTable('s2', ALL, cachedOf(['b']));
    await store.drop('s');
    expect(await idsIn(store, 's')).toBeNull();
    expect(await idsIn(store, 's2')).toEqual(['b']);
  });

  it('writes only the columns that changed', async () => {
    const store = new ColumnStore(freshName());
    const first = cachedOf(['b', 'a'], [1, 2]);
    await store.writeTable('s', ALL, first);
    const put = vi.spyOn(IDBObjectStore.prototype, 'put');
    const columns = new Map(first.table.columns);
    columns.set(
      'metrics.loss',
      cachedOf(['b', 'a'], [3, 4]).table.columns.get('metrics.loss')!
    );
    await store.writeTable('s', ALL, {
      ...first,
      table: { ...first.table, columns }
    });
    expect(put).toHaveBeenCalledTimes(2);
    expect(await idsIn(store, 's')).toEqual(['b', 'a']);
  });

  it('writes all columns when another tab has written in between', async () => {
    const name = freshName();
    const [one, other] = [new ColumnStore(name), new ColumnStore(name)];
    const ours = cachedOf(['b', 'a'], [1, 2]);
    await one.writeTable('s', ALL, ours);
    await other.writeTable('s', ALL, cachedOf(['x', 'y'], [3, 4]));
    await one.writeTable('s', ALL, ours);
    const again = await new ColumnStore(name).readTable('s', ALL);
    expect(await idsIn(one, 's')).toEqual(['b', 'a']);
    expect(again?.table.columns.get('metrics.loss')).toMatchObject({
      values: Float64Array.of(1, 2)
    });
  });

  it('holds nothing and fails nobody where IndexedDB is refused', async () => {
    vi.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw new DOMException('private window', 'SecurityError');
    });
    const store = new ColumnStore(freshName());
    await store.writeTable('s', ALL, cachedOf(['a']));
    expect(await store.readTable('s', ALL)).toBeNull();
  });

  it('does without when there is no room', async () => {
    const store = new ColumnStore(freshName());
    await store.writeTable('s', ALL, cachedOf(['a']));
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    await store.writeTable('s', ALL, cachedOf(['a', 'b']));
    vi.restoreAllMocks();
    expect(await idsIn(store, 's')).toEqual(['a']);
  });
});
