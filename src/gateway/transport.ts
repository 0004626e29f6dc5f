import type { ServerConnection } from '@jupyterlab/services';
import type { ITransport, TransportRequest } from '../mlflow/transport';
import { askGateway, connectionPath, jsonOf } from './request';

type TransportOptions = Readonly<{
  serverSettings: ServerConnection.ISettings;
  connectionId: string;
  /** Requests that nobody asked for: an idle server may be culled. */
  isBackground?: boolean;
}>;

/** MLflow's REST API of a connection, through the Jupyter server. */
export class GatewayTransport implements ITransport {
  constructor(private readonly _options: TransportOptions) {}

  async send(
    request: TransportRequest,
    signal?: AbortSignal
  ): Promise<unknown> {
    const { serverSettings, connectionId, isBackground } = this._options;
    const forwarded = {
      method: request.method,
      path: connectionPath(connectionId, request.path),
      query: request.query,
      body: request.body,
      isBackground
    };
    const answer = await askGateway(serverSettings, forwarded, signal);
    return jsonOf(answer, signal);
  }
}
