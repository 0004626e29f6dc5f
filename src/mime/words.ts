import type { Translate } from '../runs/texts';
import type { MarkStatus } from '../ui/statusmark';

/** The word of a status; of a failed run with the last line of its error. */
export function markWord(
  mark: MarkStatus,
  error: string | null,
  trans: Translate
): string {
  switch (mark) {
    case 'running':
    case 'left':
      return trans.__('Running');
    case 'scheduled':
      return trans.__('Scheduled');
    case 'finished':
      return trans.__('Finished');
    case 'failed':
      return error ? trans.__('Failed: %1', error) : trans.__('Failed');
    case 'killed':
      return trans.__('Stopped');
  }
}
