import type { TranslationBundle } from '@jupyterlab/translation';
import type { MarkStatus } from './statusmark';

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

/** The word of a mark; of a failed run with the last line of its error. */
export function markWord(
  mark: MarkStatus,
  error: string | null,
  trans: Pick<TranslationBundle, '__'>
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
