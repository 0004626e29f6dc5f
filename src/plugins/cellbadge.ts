import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { NotebookContext } from '../association/notebook';
import { IOpenNotebooks } from '../association/notebookruns';
import type { RunArgs } from '../commands';
import { CommandIDs } from '../commands';
import { IChoices } from '../runs/choices';
import { ITracking } from '../tokens';

const cellBadgePlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-experiments:cellbadge',
  description: 'Shows the runs of a cell in its header.',
  autoStart: true,
  requires: [IOpenNotebooks, ITracking, IChoices],
  optional: [ITranslator],
  activate: (
    app: JupyterFrontEnd,
    notebooks: IOpenNotebooks,
    tracking: ITracking,
    choices: IChoices,
    translator: ITranslator | null
  ) => {
    const { commands } = app;
    const trans = (translator ?? nullTranslator).load('jupyterlab-experiments');
    const selectRun = (runId: string): void => {
      const args = { runId } satisfies RunArgs;
      void commands.execute(CommandIDs.selectRun, args);
    };
    const addBadges = async (notebook: NotebookContext): Promise<void> => {
      const { NotebookBadges } = await import('../cellbadge/badges');
      if (!notebook.isDisposed) {
        NotebookBadges.add({
          notebook,
          tracking,
          choices,
          trans,
          selectRun
        });
      }
    };
    notebooks.all.forEach(notebook => void addBadges(notebook));
    notebooks.opened.connect((_, notebook) => void addBadges(notebook));
  }
};

export default cellBadgePlugin;
