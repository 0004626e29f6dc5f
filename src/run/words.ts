import type { TranslationBundle } from '@jupyterlab/translation';
import {
  formatClock,
  formatDuration,
  formatElapsed,
  formatTime
} from '../base/format';
import type { Run, RunStatus } from '../mlflow/entities';
import { TagKeys, tagValue } from '../mlflow/tags';
import type { MarkStatus } from '../ui/statusmark';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const MARKS: Readonly<Record<RunStatus, MarkStatus>> = {
  RUNNING: 'running',
  SCHEDULED: 'scheduled',
  FINISHED: 'finished',
  FAILED: 'failed',
  KILLED: 'killed'
};

/** The mark of a status. */
export function markOf(status: string): MarkStatus {
  return MARKS[status as RunStatus] ?? 'scheduled';
}

/** The word of a status; of a failed run with the last line of its error. */
export function statusWord(run: Run, trans: TranslationBundle): string {
  switch (run.status) {
    case 'RUNNING':
      return trans.__('Running');
    case 'SCHEDULED':
      return trans.__('Scheduled');
    case 'FINISHED':
      return trans.__('Finished');
    case 'FAILED': {
      const error = tagValue(run.tags, TagKeys.error);
      return error ? trans.__('Failed: %1', error) : trans.__('Failed');
    }
    case 'KILLED':
      return trans.__('Stopped');
  }
}

/** How long it took, or goes on. */
export function tookWord(run: Run, nowMs: number): string {
  if (run.startTimeMs === null) {
    return '–';
  }
  return run.endTimeMs === null && run.status === 'RUNNING'
    ? formatElapsed(nowMs - run.startTimeMs)
    : formatDuration(
        run.endTimeMs === null ? null : run.endTimeMs - run.startTimeMs
      );
}

/** When it started: `today 14:01`, else with its date and zone. */
export function startWord(
  startMs: number | null,
  nowMs: number,
  trans: TranslationBundle
): string {
  if (startMs === null) {
    return '–';
  }
  const isToday =
    new Date(startMs).toDateString() === new Date(nowMs).toDateString();
  return isToday
    ? trans.__('today %1', formatClock(startMs))
    : formatTime(startMs);
}

/** Branch and short commit, `*` where changes were not committed; or null. */
export function commitWord(run: Run): string | null {
  const commit = tagValue(run.tags, TagKeys.gitCommit);
  if (!commit) {
    return null;
  }
  const branch = tagValue(run.tags, TagKeys.gitBranch);
  const isDirty = /^true$/i.test(tagValue(run.tags, TagKeys.gitDirty) ?? '');
  return [branch, commit.slice(0, 7), isDirty ? '*' : null]
    .filter(part => part !== null)
    .join(' ');
}

/** `3 min before`: how long one moment lies before another. */
export function beforeWord(spanMs: number, trans: TranslationBundle): string {
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
