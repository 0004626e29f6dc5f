import type { TranslationBundle } from '@jupyterlab/translation';
import type { Scope } from './scope';

/** What the button of an empty panel does. */
export type EmptyAct = 'showAll' | 'insertExample' | 'clearFilter' | 'logHere';

/** One sentence, and one way on. */
export type EmptyText = Readonly<{
  text: string;
  act: Readonly<{ act: EmptyAct; label: string }> | null;
}>;

export type EmptyFacts = Readonly<{
  scope: Scope;
  /** File name of the notebook, or null when none is open. */
  notebook: string | null;
  /** Rows of the scope, whether they match or not. */
  total: number;
  shown: number;
  /** The first answer is not there yet. */
  isLoading: boolean;
}>;

function ofScope(facts: EmptyFacts, trans: TranslationBundle): EmptyText {
  const { scope, notebook } = facts;
  if (scope.kind === 'experiment') {
    const label = trans.__('Log this notebook’s runs here');
    return {
      text: trans.__('No runs in “%1” yet.', scope.name),
      act: notebook === null ? null : { act: 'logHere', label }
    };
  }
  if (scope.kind === 'all') {
    return { text: trans.__('No runs yet.'), act: null };
  }
  return {
    text: trans.__(
      'No runs in %1 yet. Whatever it logs appears here by itself: `mlflow.autolog()`, `mlflow.start_run()`, or `%2` as a cell’s first line.',
      notebook,
      '%%run'
    ),
    act: { act: 'insertExample', label: trans.__('Insert an example cell') }
  };
}

/** What stands where no rows are; null when there are rows. */
export function emptyOf(
  facts: EmptyFacts,
  trans: TranslationBundle
): EmptyText | null {
  if (facts.scope.kind === 'notebook' && facts.notebook === null) {
    const label = trans.__('Show all experiments');
    return {
      text: trans.__('Open a notebook to see its runs.'),
      act: { act: 'showAll', label }
    };
  }
  if (facts.shown > 0) {
    return null;
  }
  if (facts.total > 0) {
    return {
      text: trans._n(
        'The run does not match this filter.',
        'None of %1 runs matches this filter.',
        facts.total
      ),
      act: { act: 'clearFilter', label: trans.__('Clear filter') }
    };
  }
  return facts.isLoading
    ? { text: trans.__('Reading the runs…'), act: null }
    : ofScope(facts, trans);
}
