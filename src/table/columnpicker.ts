import type { TranslationBundle } from '@jupyterlab/translation';
import type { MenuEntry } from '../ui/menu';

/** What a person may choose of the columns. */
export type ColumnChoice = Readonly<{
  /** Metric keys, best first. */
  metrics: readonly string[];
  params: readonly string[];
  main: string | null;
  second: string | null;
  onMain: (key: string) => void;
  onSecond: (key: string) => void;
}>;

// A menu longer than this is no help; the Runs tab has them all.
const MOST = 40;

function choices(
  keys: readonly string[],
  chosen: string | null,
  onChoose: (key: string) => void
): readonly MenuEntry[] {
  return keys.slice(0, MOST).map(key => ({
    label: key,
    isToggled: key === chosen,
    run: () => onChoose(key)
  }));
}

/** Entries of the menu “columns”. */
export function columnEntries(
  choice: ColumnChoice,
  trans: TranslationBundle
): readonly MenuEntry[] {
  const none: readonly MenuEntry[] = [
    {
      label: trans.__('No metrics yet'),
      isEnabled: false,
      run: () => undefined
    }
  ];
  const main = choices(choice.metrics, choice.main, choice.onMain);
  const second = choices(choice.metrics, choice.second, choice.onSecond);
  return [
    {
      label: trans.__('Main metric'),
      entries: main.length > 0 ? main : none
    },
    {
      label: trans.__('Second metric'),
      entries: second.length > 0 ? second : none
    }
  ];
}
