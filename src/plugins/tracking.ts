import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import type { Event } from '@jupyterlab/services';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { CONTRACT } from '../contract';
/* eslint-disable jupyter/prefer-lazy-imports --
   this is what the start needs; sessions are the chunk that follows it */
import { GatewayConnections } from '../gateway/connections';
import { ITracking } from '../tokens';
import { changedConnection } from '../tracking/changes';
import { Memory } from '../tracking/remembered';
import { Tracking } from '../tracking/tracking';
import { PageVisibility } from '../tracking/visibility';

/* eslint-enable jupyter/prefer-lazy-imports */

const trackingPlugin: JupyterFrontEndPlugin<ITracking> = {
  id: 'jupyterlab-experiments:tracking',
  description: 'Provides the MLflow connections on offer and their sessions.',
  autoStart: true,
  provides: ITracking,
  optional: [ITranslator],
  activate: (app: JupyterFrontEnd, translator: ITranslator | null) => {
    const { serverSettings, events } = app.serviceManager;
    const trans = (translator ?? nullTranslator).load(CONTRACT.package);
    const visibility = new PageVisibility();
    const surroundings = { serverSettings, visibility, trans };
    const tracking = new Tracking({
      connections: new GatewayConnections(serverSettings),
      memory: new Memory(localStorageOrNull(), serverSettings.baseUrl),
      visibility,
      loadParts: async () => {
        const { GatewayParts } = await import('../tracking/parts');
        return new GatewayParts(surroundings);
      }
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
