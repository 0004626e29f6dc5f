import type { ServerConnection } from '@jupyterlab/services';
import { CONTRACT } from '../contract';
import type { Fields } from '../mlflow/fields';
import {
  fieldsOf,
  list,
  numberOrNull,
  requiredText,
  text,
  textOrNull
} from '../mlflow/fields';
import type {
  Connection,
  ConnectionSource,
  ConnectionState,
  Remedy
} from '../tokens';
import type { GatewayRequest } from './request';
import { askGateway, bytesOf, jsonOf } from './request';

/** What the server part says of itself and of its connections. */
export type ServerStatus = Readonly<{
  version: string;
  /** Of the server's environment; null where it has none. */
  mlflowVersion: string | null;
  /** Salted hash of the user's name: part of the cache's key. */
  user: string;
  defaultConnection: string;
  /** `notebook`, `none` or a template. */
  defaultExperiment: string;
  /** Users may add connections. */
  mayAdd: boolean;
  connections: readonly Connection[];
}>;

const STATES: readonly ConnectionState[] = [
  'absent',
  'idle',
  'starting',
  'ready',
  'unavailable',
  'refused',
  'schema',
  'forbidden'
];
const SOURCES: readonly ConnectionSource[] = ['user', 'notebook', 'kernel'];
const REMEDIES: readonly Remedy[] = ['upgrade', 'copy', 'sqlite-uri'];

/** A connection out of JSON of the server part or of our own cache. */
export function decodeConnection(value: unknown): Connection {
  const fields = fieldsOf(value);
  const id = requiredText(fields, 'id');
  return {
    id,
    label: textOrNull(fields, 'label') ?? id,
    kind: fields.kind === 'remote' ? 'remote' : 'child',
    state: STATES.find(state => state === fields.state) ?? 'unavailable',
    storeId: requiredText(fields, 'store_id'),
    isShared: fields.is_shared === true,
    message: textOrNull(fields, 'message'),
    sinceMs: numberOrNull(fields, 'since') ?? 0,
    pageUrl: textOrNull(fields, 'page_url'),
    source: SOURCES.find(one => one === fields.source) ?? 'administrator',
    canRemove: fields.can_remove === true,
    scheme: text(fields, 'scheme'),
    remedies: REMEDIES.filter(one => listed(fields.remedies).includes(one))
  };
}

function listed(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A connection as the server part prints it. */
export function printConnection(connection: Connection): Fields {
  return {
    id: connection.id,
    label: connection.label,
    kind: connection.kind,
    state: connection.state,
    store_id: connection.storeId,
    is_shared: connection.isShared,
    message: connection.message,
    since: connection.sinceMs,
    page_url: connection.pageUrl,
    source: connection.source,
    can_remove: connection.canRemove,
    scheme: connection.scheme,
    remedies: connection.remedies
  };
}

/** The server part's status. */
export function decodeStatus(value: unknown): ServerStatus {
  const fields = fieldsOf(value);
  return {
    version: requiredText(fields, 'version'),
    mlflowVersion: textOrNull(fields, 'mlflow_version'),
    user: text(fields, 'user'),
    defaultConnection:
      textOrNull(fields, 'default_connection') ?? CONTRACT.defaultConnection,
    defaultExperiment: textOrNull(fields, 'default_experiment') ?? 'notebook',
    mayAdd: fields.may_add === true,
    connections: list(fields, 'connections', decodeConnection)
  };
}

/** The connections on offer, and the state of each. */
export interface IConnections {
  status(signal?: AbortSignal): Promise<ServerStatus>;
  connectionOfKernel(kernelId: string): Promise<Connection | null>;
  kernelPart(): Promise<Uint8Array>;
}

/** The routes of the server part that are not a connection's. */
export class GatewayConnections implements IConnections {
  constructor(private readonly _settings: ServerConnection.ISettings) {}

  async status(signal?: AbortSignal): Promise<ServerStatus> {
    const request = { path: CONTRACT.routes.status, isBackground: true };
    const answer = await askGateway(this._settings, request, signal);
    return decodeStatus(await jsonOf(answer, signal));
  }

  /**
   * The connection of the tracking URI that a kernel wrote down; null where
   * the server does not allow it or the kernel wrote nothing.
   */
  async connectionOfKernel(kernelId: string): Promise<Connection | null> {
    const fields = await this._post(CONTRACT.routes.connections, {
      kernel_id: kernelId
    });
    const { connection } = fields;
    return connection ? decodeConnection(connection) : null;
  }

  /** Zip of what a kernel without our package needs. */
  async kernelPart(): Promise<Uint8Array> {
    const request = { path: CONTRACT.routes.kernelPart, isBackground: true };
    const answer = await askGateway(this._settings, request);
    return new Uint8Array(await bytesOf(answer));
  }

  private async _post(path: string, body: unknown): Promise<Fields> {
    const request: GatewayRequest = { method: 'POST', path, body };
    const answer = await askGateway(this._settings, request);
    return fieldsOf(await jsonOf(answer));
  }
}
