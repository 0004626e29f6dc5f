import { ILabShell, ILayoutRestorer } from '@jupyterlab/application';
import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { addRegistryCommands } from '../registry/commands';
import type { ReadArtifact } from '../registry/registrar';
import { INotebookRuns, ITracking } from '../tokens';

/** Registers models of runs, and shows the registered ones. */
const registryPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-experiments:registry',
  description: 'Registers models of runs, and shows the registered models.',
  autoStart: true,
  requires: [ITracking],
  optional: [
    INotebookRuns,
    ITranslator,
    ICommandPalette,
    ILabShell,
    ILayoutRestorer
  ],
  activate: (
    app: JupyterFrontEnd,
    tracking: ITracking,
    notebooks: INotebookRuns | null,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    labShell: ILabShell | null,
    restorer: ILayoutRestorer | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('jupyterlab-experiments');
    const readArtifact = artifactReader(app);
    addRegistryCommands({
      app,
      tracking,
      notebooks,
      trans,
      palette,
      labShell,
      restorer,
      readArtifact
    });
  }
};

/** Reads texts of artifacts through the gateway. */
function artifactReader(app: JupyterFrontEnd): ReadArtifact {
  const { serverSettings } = app.serviceManager;
  return async (connectionId, path, signal) => {
    const { askGateway, connectionPath } = await import('../gateway/request');
    const route = connectionPath(connectionId, `artifacts/${path}`);
    const answer = await askGateway(serverSettings, { path: route }, signal);
    return answer.text();
  };
}

export default registryPlugin;
