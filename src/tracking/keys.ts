import type { Column, RunTable } from '../runtable/runtable';
import type { KeyCount, RunKeys } from '../runtable/source';
import { isTwin } from '../runtable/twins';

const KINDS = ['metrics', 'params', 'tags'] as const;

/**
 * The keys that the store named, and those of columns it has not heard of
 * yet: live runs bring new ones.
 */
export function keysWithColumns(keys: RunKeys, table: RunTable): RunKeys {
  const added: Record<(typeof KINDS)[number], KeyCount[]> = {
    metrics: [],
    params: [],
    tags: []
  };
  for (const kind of KINDS) {
    const known = new Set(keys[kind].map(({ key }) => key));
    const prefix = `${kind}.`;
    for (const [name, column] of table.columns) {
      const key = name.slice(prefix.length);
      if (name.startsWith(prefix) && !known.has(key) && !isTwin(name, column)) {
        const count = countValues(column);
        added[kind].push(...(count > 0 ? [{ key, count }] : []));
      }
    }
  }
  return {
    metrics: joined(keys.metrics, added.metrics),
    params: joined(keys.params, added.params),
    tags: joined(keys.tags, added.tags)
  };
}

function joined(
  known: readonly KeyCount[],
  added: readonly KeyCount[]
): readonly KeyCount[] {
  return added.length > 0 ? [...known, ...added] : known;
}

function countValues(column: Column): number {
  const rowCount =
    column.kind === 'text' ? column.codes.length : column.values.length;
  let count = 0;
  for (let row = 0; row < rowCount; row++) {
    const isMissing =
      column.kind === 'text' ? column.codes[row] < 0 : column.missing?.[row];
    count += isMissing ? 0 : 1;
  }
  return count;
}
