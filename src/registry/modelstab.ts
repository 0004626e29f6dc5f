import { MainAreaWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ISession } from '../tokens';
import { askName } from '../ui/askname';
import { registerIcon } from '../ui/icons';
import { ModelsModel } from './modelsmodel';
import type { ModelsActions } from './modelspage';
import { ModelsWidget } from './modelswidget';
import { aliasProblem } from './registerplan';
import { aliasSentence } from './words';
import { sayProblem } from '../ui/say';

/** A tab with the registered models of a session. */
export function makeModelsTab(
  options: Readonly<{ session: ISession; trans: TranslationBundle }> &
    Pick<ModelsActions, 'openRun' | 'showRuns'>
): MainAreaWidget<ModelsWidget> {
  const { session, trans, openRun, showRuns } = options;
  const model = new ModelsModel(session);
  const actions = {
    openRun,
    showRuns,
    askAlias: (suggested: string) => askAlias(suggested, trans)
  };
  const content = new ModelsWidget({ model, actions, trans });
  const tab = new MainAreaWidget({ content });
  tab.id = `experiments-models-${session.connection.id}`;
  tab.title.label = trans.__('Models');
  tab.title.caption = trans.__('Models: %1', session.connection.label);
  tab.title.icon = registerIcon;
  tab.title.closable = true;
  void model.refresh();
  return tab;
}

async function askAlias(
  suggested: string,
  trans: TranslationBundle
): Promise<string | null> {
  const answer = await askName(
    {
      title: trans.__('Add alias'),
      label: trans.__('Alias; it leaves the version that bears it now.'),
      okLabel: trans.__('Add'),
      text: suggested
    },
    trans
  );
  const alias = answer?.trim() ?? '';
  const problem = answer === null ? null : aliasProblem(alias);
  if (problem) {
    sayProblem(aliasSentence(problem, trans));
  }
  return answer === null || problem ? null : alias;
}
