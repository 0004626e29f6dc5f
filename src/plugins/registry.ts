import { ILabShell, ILayoutRestorer } from '@jupyterlab/application';
import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { Widget } from '@lumino/widgets';
import { addRegistryCommands } from '../registry/commands';
import type { ReadArtifact } from '../registry/registrar';
import { INotebookRuns, ITracking } from '../tokens';
import { placeTab } from './placing';

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
    ILayoutRestorer,
    INotebookTracker
  ],
  activate: (
    app: JupyterFrontEnd,
    tracking: ITracking,
    notebooks: INotebookRuns | null,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    labShell: ILabShell | null,
    restorer: ILayoutRestorer | null,
    notebookTracker: INotebookTracker | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('jupyterlab-experiments');
    const readArtifact = artifactReader(app);
    const place = (widget: Widget): void => {
      const notebookWidgetId = notebookTracker?.currentWidget?.id ?? null;
      if (!placeTab({ app, labShell, notebookWidgetId }, widget)) {
        // Notebook before 7.4: the right area takes several.
        app.shell.add(widget, 'right');
        app.shell.activateById(widget.id);
      }
    };
    addRegistryCommands({
      app,
      tracking,
      notebooks,
      trans,
      palette,
      place,
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
