import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { addNotebookCommands } from '../association/commands';
import { IOpenNotebooks } from '../association/notebookruns';
import { CommandIDs } from '../commands';
import { INotebookRuns, ITracking } from '../tokens';

const associationPlugin: JupyterFrontEndPlugin<INotebookRuns> = {
  id: 'jupyterlab-experiments:association',
  description: 'Provides the open notebooks, tied to the runs they made.',
  autoStart: true,
  requires: [IOpenNotebooks, ITracking],
  optional: [ITranslator, ICommandPalette],
  provides: INotebookRuns,
  activate: (
    app: JupyterFrontEnd,
    notebooks: IOpenNotebooks,
    tracking: ITracking,
    translator: ITranslator | null,
    palette: ICommandPalette | null
  ): INotebookRuns => {
    const trans = (translator ?? nullTranslator).load('jupyterlab-experiments');
    addNotebookCommands(app.commands, { notebooks, tracking, trans });
    const category = trans.__('Experiments');
    palette?.addItem({ command: CommandIDs.insertExample, category });
    return notebooks;
  }
};

export default associationPlugin;
