import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ITracking } from '../tokens';

const trackingPlugin: JupyterFrontEndPlugin<ITracking> = {
  id: 'jupyterlab-experiments:tracking',
  description: 'Provides the MLflow connections on offer and their sessions.',
  autoStart: true,
  provides: ITracking,
  activate: (app: JupyterFrontEnd) => {
    throw new Error('Not wired yet.');
  }
};

export default trackingPlugin;
