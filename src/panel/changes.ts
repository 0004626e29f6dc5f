import { changedOf } from '../runs/changed';
import type { Translate } from '../runs/texts';
import { changedText } from '../runs/texts';
import type { RunTable } from '../runtable/runtable';

/** What differs from the run before, as the column “Changed” shows it. */
export type ChangedText = Readonly<{
  /** Cut when it is narrow. */
  key: string;
  value: string;
  more: string;
  /** As a screen reader and the tooltip say it. */
  title: string;
}>;

/** What changed in the run of a row, in parts. */
export function changesOf(
  table: RunTable,
  row: number,
  trans: Translate
): ChangedText {
  const changed = changedOf(table, row);
  if (changed.kind !== 'params') {
    const text = changedText(changed, trans);
    return { key: text, value: '', more: '', title: text };
  }
  const value = changed.value ?? '–';
  const words = trans.__(
    'changed %1 %2',
    changed.key.replace(/_/g, ' '),
    value
  );
  return {
    key: changed.label,
    value,
    more: changed.more > 0 ? `+${changed.more}` : '',
    title:
      changed.more > 0
        ? `${words}, ${trans._n('%1 more', '%1 more', changed.more)}`
        : words
  };
}

/** Id of the run that a row is compared with, or -1. */
export function comparedRow(table: RunTable, row: number): number {
  return changedOf(table, row).comparedRow;
}
