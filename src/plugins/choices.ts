import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { CONTRACT } from '../contract';
import { IChoices, KeptChoices } from '../runs/choices';

const choicesPlugin: JupyterFrontEndPlugin<IChoices> = {
  id: 'jupyterlab-experiments:choices',
  description: 'Keeps the columns and directions chosen for a notebook.',
  autoStart: true,
  provides: IChoices,
  activate: (app: JupyterFrontEnd): IChoices => {
    const { baseUrl } = app.serviceManager.serverSettings;
    const key = `${CONTRACT.package}:choices:${baseUrl}`;
    return new KeptChoices(window.localStorage, key);
  }
};

export default choicesPlugin;
