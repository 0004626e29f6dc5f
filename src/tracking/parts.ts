import type { ServerConnection } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import { CONTRACT } from '../contract';
import { ColumnsSource } from '../gateway/columns';
import { ConnectionDesk } from '../gateway/desk';
import { FallbackSource } from '../gateway/fallback';
import { PagesSource } from '../gateway/pages';
import { artifactAddress } from '../gateway/request';
import { GatewayTransport } from '../gateway/transport';
import { MlflowClient } from '../mlflow/client';
import { ColumnStore } from '../store/columnstore';
import type { Connection, IConnectionDesk } from '../tokens';
import type { SessionState } from './session';
import { Session } from './session';
import type { ISessionParts } from './tracking';
import type { IVisibility } from './visibility';

type Surroundings = Readonly<{
  serverSettings: ServerConnection.ISettings;
  visibility: IVisibility;
  trans: TranslationBundle;
}>;

/** What sessions are made of; a chunk of its own, loaded after the start. */
export class GatewayParts implements ISessionParts {
  constructor(private readonly _surroundings: Surroundings) {}

  openStore(user: string): ColumnStore {
    const { baseUrl } = this._surroundings.serverSettings;
    return new ColumnStore(`${CONTRACT.package}:${baseUrl}:${user}`);
  }

  openDesk(
    onConnection: (connection: Connection) => void,
    onChanged: () => Promise<void>
  ): IConnectionDesk {
    const { serverSettings } = this._surroundings;
    return new ConnectionDesk({ serverSettings, onConnection, onChanged });
  }

  openSession(
    state: SessionState,
    askConnection: () => Promise<void>
  ): Session {
    const { serverSettings, visibility, trans } = this._surroundings;
    const address = { serverSettings, connectionId: state.connection.id };
    const background = { ...address, isBackground: true };
    const backgroundClient = new MlflowClient(new GatewayTransport(background));
    return new Session({
      state,
      client: new MlflowClient(new GatewayTransport(address)),
      backgroundClient,
      source: new FallbackSource(
        new ColumnsSource(address),
        new PagesSource(backgroundClient)
      ),
      visibility,
      trans,
      artifactAddress: (runId, path) =>
        artifactAddress(serverSettings, address.connectionId, { runId, path }),
      askConnection
    });
  }
}
