import type { RunTable } from '../runtable/runtable';
import { numberAt, textAt } from '../runtable/runtable';

/** Time that the latest finished run of the same cell took, or null. */
export function expectedMs(table: RunTable, row: number): number | null {
  const { columns } = table;
  const cells = columns.get('cell_id');
  const cell = textAt(cells, row);
  if (cell === null || cells?.kind !== 'text') {
    return null;
  }
  const code = cells.codes[row];
  const starts = columns.get('start_time');
  let latest = -Infinity;
  let took: number | null = null;
  for (let other = 0; other < table.rowCount; other++) {
    const start = numberAt(starts, other);
    if (cells.codes[other] !== code || start === null || start <= latest) {
      continue;
    }
    const end = numberAt(columns.get('end_time'), other);
    if (end !== null && textAt(columns.get('status'), other) === 'FINISHED') {
      latest = start;
      took = end - start;
    }
  }
  return took;
}
