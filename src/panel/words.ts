import type { TranslationBundle } from '@jupyterlab/translation';
import type { RunPatch } from '../runtable/patch';
import type { RunTable } from '../runtable/runtable';
import { numberAt, textAt } from '../runtable/runtable';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

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

/** What a patch says has happened to its run, or null. */
export function eventWords(
  { event, status }: Pick<RunPatch, 'event' | 'status'>,
  name: string,
  trans: TranslationBundle
): string | null {
  if (event === 'created') {
    return trans.__('%1 started.', name);
  }
  if (event !== 'ended') {
    return null;
  }
  switch (status) {
    case 'FAILED':
      return trans.__('%1 failed.', name);
    case 'KILLED':
      return trans.__('%1 was stopped.', name);
    default:
      return trans.__('%1 finished.', name);
  }
}
