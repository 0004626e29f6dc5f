import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import type { Event } from '@jupyterlab/services';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { CONTRACT } from '../contract';
import { GatewayConnections } from '../gateway/connections';
import { ColumnStore } from '../store/columnstore';
import { ITracking } from '../tokens';
import { changedConnection } from '../tracking/changes';
import { openSession } from '../tracking/opensession';
import { Memory } from '../tracking/remembered';
import { Tracking } from '../tracking/tracking';
import { PageVisibility } from '../tracking/visibility';

const trackingPlugin: JupyterFrontEndPlugin<ITracking> = {
  id: 'jupyterlab-experiments:tracking',
  description: 'Provides the MLflow connections on offer and their sessions.',
  autoStart: true,
  provides: ITracking,
  optional: [ITranslator],
  activate: (app: JupyterFrontEnd, translator: ITranslator | null) => {
    const { serverSettings, events } = app.serviceManager;
    const { baseUrl } = serverSettings;
    const trans = (translator ?? nullTranslator).load(CONTRACT.package);
    const visibility = new PageVisibility();
    const surroundings = { serverSettings, visibility, trans };
    const tracking = new Tracking({
      connections: new GatewayConnections(serverSettings),
      memory: new Memory(localStorageOrNull(), baseUrl),
      visibility,
      openStore: user =>
        new ColumnStore(`${CONTRACT.package}:${baseUrl}:${user}`),
      openSession: (state, askConnection) =>
        openSession(surroundings, state, askConnection)
    });
    // Front ends without a Jupyter server have no event stream.
    const stream = (events as Event.IManager | undefined)?.stream;
    stream?.connect((_, event) => {
      const connectionId = changedConnection(event);
      if (connectionId !== null) {
        tracking.onCommitted(connectionId);
      }
    });
    return tracking;
  }
};

/** Browsers may refuse even to look. */
function localStorageOrNull(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

export default trackingPlugin;
