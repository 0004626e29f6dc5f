import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { PageConfig } from '@jupyterlab/coreutils';
import { INotebookTracker } from '@jupyterlab/notebook';
/* eslint-disable jupyter/prefer-lazy-imports --
   all of this is needed at once: kernels are told before their first cell */
import { KernelPart } from '../association/kernelpart';
import { LiveJoin } from '../association/livejoin';
import { IdentityFollower, isNotebookFile } from '../association/notebookfiles';
import { IOpenNotebooks, NotebookRuns } from '../association/notebookruns';
import { GatewayConnections } from '../gateway/connections';

/* eslint-enable jupyter/prefer-lazy-imports */
import { openIdentityStore } from '../store/identitystore';
import { ITracking } from '../tokens';

const kernelPlugin: JupyterFrontEndPlugin<IOpenNotebooks> = {
  id: 'jupyterlab-experiments:kernel',
  description:
    'Tells kernels which notebook they serve and hears what they publish.',
  autoStart: true,
  requires: [INotebookTracker, ITracking],
  provides: IOpenNotebooks,
  activate: (
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    tracking: ITracking
  ): IOpenNotebooks => {
    const { contents, serverSettings } = app.serviceManager;
    const root = PageConfig.getOption('serverRoot');
    const store = openIdentityStore(`${serverSettings.baseUrl} ${root}`);
    const part = new KernelPart(new GatewayConnections(serverSettings));
    const notebooks: NotebookRuns = new NotebookRuns(tracker, {
      store,
      localPath: path => contents.localPath(path),
      isNotebookAt: (path, id) => isNotebookFile(contents, path, id),
      findConnection: kernelId => tracking.connectionOfKernel(kernelId),
      kernelPart: () => part.tell,
      defaultExperiment: () => part.defaultExperiment,
      reveal: id => app.shell.activateById(id)
    });
    new IdentityFollower(contents, store);
    new LiveJoin(notebooks, tracking);
    void part.learn();
    const fetchPart = (): void => {
      notebooks.opened.disconnect(fetchPart);
      void part.fetch().then(() => notebooks.tellUnheard());
    };
    // Without a notebook there is no kernel that could lack it.
    notebooks.opened.connect(fetchPart);
    if (notebooks.all.length > 0) {
      fetchPart();
    }
    return notebooks;
  }
};

export default kernelPlugin;
