import type { TranslationBundle } from '@jupyterlab/translation';
import type { RunTable } from '../runtable/runtable';
import { numberAt, textAt } from '../runtable/runtable';
import type { MarkStatus } from '../ui/statusmark';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const MARKS: Readonly<Record<string, MarkStatus>> = {
  RUNNING: 'running',
  SCHEDULED: 'scheduled',
  FINISHED: 'finished',
  FAILED: 'failed',
  KILLED: 'killed'
};

/** The mark of a status as MLflow writes it. */
export function markOf(status: string | null): MarkStatus {
  return MARKS[status ?? ''] ?? 'scheduled';
}

/** The word of a mark. */
export function markWord(
  mark: MarkStatus,
  error: string | null,
  trans: TranslationBundle
): string {
  switch (mark) {
    case 'running':
      return trans.__('Running');
    case 'scheduled':
      return trans.__('Scheduled');
    case 'finished':
      return trans.__('Finished');
    case 'failed':
      return error ? trans.__('Failed: %1', error) : trans.__('Failed');
    case 'killed':
      return trans.__('Stopped');
    case 'left':
      return trans.__('Left open: its kernel ended');
  }
}

/** “3 min before”: how long one moment lies before another. */
export function wordsBefore(spanMs: number, trans: TranslationBundle): string {
  const span = Math.abs(spanMs);
  if (span < MINUTE) {
    return trans.__('%1 s before', Math.round(span / 1000));
  }
  if (span < HOUR) {
    return trans.__('%1 min before', Math.round(span / MINUTE));
  }
  return span < DAY
    ? trans.__('%1 h before', Math.round(span / HOUR))
    : trans._n('%1 day before', '%1 days before', Math.round(span / DAY));
}

/** “one minute ago”, as a screen reader says it. */
export function wordsAgo(spanMs: number, trans: TranslationBundle): string {
  if (spanMs < MINUTE) {
    return trans.__('just now');
  }
  if (spanMs < HOUR) {
    const minutes = Math.floor(spanMs / MINUTE);
    return trans._n('one minute ago', '%1 minutes ago', minutes);
  }
  if (spanMs < DAY) {
    const hours = Math.floor(spanMs / HOUR);
    return trans._n('one hour ago', '%1 hours ago', hours);
  }
  const days = Math.floor(spanMs / DAY);
  return trans._n('one day ago', '%1 days ago', days);
}

/** What a frame says of one run. */
export type FrameRow = Readonly<{
  name: string;
  status: string | null;
  startMs: number | null;
  endMs: number | null;
  userId: string;
  isDeleted: boolean;
  experimentId: string;
  notebookPath: string | null;
  cellId: string | null;
  error: string | null;
}>;

/** Read a row of the frame. */
export function frameRow(table: RunTable, row: number): FrameRow {
  const text = (name: string): string | null =>
    textAt(table.columns.get(name), row);
  const time = (name: string): number | null =>
    numberAt(table.columns.get(name), row);
  return {
    name: text('run_name') || (text('run_id') ?? ''),
    status: text('status'),
    startMs: time('start_time'),
    endMs: time('end_time'),
    userId: text('user_id') ?? '',
    isDeleted: text('lifecycle_stage') === 'deleted',
    experimentId: text('experiment_id') ?? '',
    notebookPath: text('notebook_path'),
    cellId: text('cell_id'),
    error: text('tags.jupyter.error')
  };
}
