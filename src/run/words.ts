import type { TranslationBundle } from '@jupyterlab/translation';
import {
  formatClock,
  formatDuration,
  formatElapsed,
  formatTime
} from '../base/format';
import type { Run } from '../mlflow/entities';
import { TagKeys, tagValue } from '../mlflow/tags';
import { markOf, markWord } from '../ui/marks';

/** The word of a run's status; of a failed one with the last line of its error. */
export function statusWord(run: Run, trans: TranslationBundle): string {
  const error = tagValue(run.tags, TagKeys.error);
  return markWord(markOf(run.status), error, trans);
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
