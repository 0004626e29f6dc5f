import type { TranslationBundle } from '@jupyterlab/translation';
import { formatDuration } from '../base/format';
import type { RunTable } from '../runtable/runtable';
import { numberAt, textAt } from '../runtable/runtable';

/** Milliseconds that the run of a row took; null unless it finished. */
function finishedMs(table: RunTable, row: number): number | null {
  const { columns } = table;
  const start = numberAt(columns.get('start_time'), row);
  const end = numberAt(columns.get('end_time'), row);
  const isFinished = textAt(columns.get('status'), row) === 'FINISHED';
  return isFinished && start !== null && end !== null ? end - start : null;
}

/** Time that the latest finished run of the same cell took, or null. */
export function expectedMs(table: RunTable, row: number): number | null {
  const cells = table.columns.get('cell_id');
  const starts = table.columns.get('start_time');
  if (cells?.kind !== 'text' || cells.codes[row] < 0) {
    return null;
  }
  let latest = { start: -Infinity, took: null as number | null };
  cells.codes.forEach((code, other) => {
    const start = numberAt(starts, other) ?? -Infinity;
    if (code === cells.codes[row] && start > latest.start) {
      const took = finishedMs(table, other);
      latest = took === null ? latest : { start, took };
    }
  });
  return latest.took;
}

/** `about 20 s left`; null once it takes longer than expected. */
export function leftText(
  leftMs: number,
  trans: TranslationBundle
): string | null {
  if (leftMs <= 0) {
    return null;
  }
  const seconds = Math.ceil(leftMs / 1000);
  return seconds < 60
    ? trans.__('about %1 s left', seconds)
    : trans.__('about %1 left', formatDuration(leftMs));
}
