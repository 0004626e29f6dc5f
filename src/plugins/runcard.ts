import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { runCardFactory } from '../mime/renderer';

const runCardPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-experiments:runcard',
  description: 'Shows a run in the output of the cell that made it.',
  autoStart: true,
  requires: [IRenderMimeRegistry],
  optional: [ITranslator],
  activate: (
    app: JupyterFrontEnd,
    rendermime: IRenderMimeRegistry,
    translator: ITranslator | null
  ) => {
    const { commands } = app;
    const trans = (translator ?? nullTranslator).load('jupyterlab-experiments');
    rendermime.addFactory(runCardFactory({ commands, trans }));
  }
};

export default runCardPlugin;
