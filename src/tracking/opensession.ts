import type { ServerConnection } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ColumnsSource } from '../gateway/columns';
import { FallbackSource } from '../gateway/fallback';
import { PagesSource } from '../gateway/pages';
import { GatewayTransport } from '../gateway/transport';
import { MlflowClient } from '../mlflow/client';
import type { SessionState } from './session';
import { Session } from './session';
import type { IVisibility } from './visibility';

type Surroundings = Readonly<{
  serverSettings: ServerConnection.ISettings;
  visibility: IVisibility;
  trans: TranslationBundle;
}>;

/** A session whose parts ask the Jupyter server. */
export function openSession(
  surroundings: Surroundings,
  state: SessionState,
  askConnection: () => Promise<void>
): Session {
  const { serverSettings, visibility, trans } = surroundings;
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
    askConnection
  });
}
