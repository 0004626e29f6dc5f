import type { ColumnChoices } from './chosen';
import { directionOf } from './columns';
import type { SortKey } from './sort';

/** A click on a header: best or first on top, then turned, then newest first. */
export function nextSort(
  sort: readonly SortKey[],
  column: string,
  choices: ColumnChoices
): readonly SortKey[] {
  const first = firstDirection(column, choices);
  if (sort[0]?.column !== column) {
    return [{ column, direction: first }];
  }
  if (sort[0].direction !== first) {
    return [];
  }
  const turned = first === 'ascending' ? 'descending' : 'ascending';
  return [{ column, direction: turned }];
}

function firstDirection(
  column: string,
  choices: ColumnChoices
): SortKey['direction'] {
  if (!column.startsWith('metrics.')) {
    return column === 'start_time' ? 'descending' : 'ascending';
  }
  const key = column.slice('metrics.'.length);
  return directionOf(key, choices) === 'lower' ? 'ascending' : 'descending';
}
