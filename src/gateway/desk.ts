import type { ServerConnection } from '@jupyterlab/services';
import { CONTRACT } from '../contract';
import type { Fields } from '../mlflow/fields';
import {
  fieldsOf,
  list,
  requiredText,
  text,
  textOrNull
} from '../mlflow/fields';
import type {
  Connection,
  ConnectionDraft,
  ConnectionTest,
  IConnectionDesk,
  MaintenanceTask
} from '../tokens';
import { decodeConnection } from './connections';
import { askGateway, jsonOf } from './request';

type DeskOptions = Readonly<{
  serverSettings: ServerConnection.ISettings;
  /** A connection that the server has just told of. */
  onConnection: (connection: Connection) => void;
  /** The server's connections have changed. */
  onChanged: () => Promise<void>;
}>;

/** What a user does to connections, by the routes of the server part. */
export class ConnectionDesk implements IConnectionDesk {
  constructor(private readonly _options: DeskOptions) {}

  async find(path: string): Promise<readonly Connection[]> {
    const fields = await this._post('find', { path });
    const found = list(fields, 'connections', decodeConnection);
    found.forEach(this._options.onConnection);
    return found;
  }

  async add(draft: ConnectionDraft): Promise<Connection> {
    return this._told(await this._post('add', printDraft(draft)));
  }

  async keep(id: string): Promise<Connection> {
    return this._told(await this._post('add', { id }));
  }

  async remove(id: string): Promise<void> {
    await this._post('remove', { id });
    await this._options.onChanged();
  }

  async restore(id: string): Promise<Connection> {
    return this._told(await this._post('restore', { id }));
  }

  async test(
    what: string | ConnectionDraft,
    signal?: AbortSignal
  ): Promise<ConnectionTest> {
    const body = typeof what === 'string' ? { id: what } : printDraft(what);
    return decodeTest(await this._post('test', body, signal));
  }

  async maintain(id: string, what: 'upgrade' | 'copy'): Promise<string> {
    return requiredText(await this._post('maintain', { id, what }), 'task');
  }

  async task(task: string): Promise<MaintenanceTask> {
    const answer = decodeTask(await this._post('task', { task }));
    if (answer.connection) {
      this._options.onConnection(answer.connection);
    }
    return answer;
  }

  async log(id: string): Promise<string> {
    return text(await this._post('log', { id }), 'text');
  }

  private _told(fields: Fields): Connection {
    const connection = decodeConnection(fields.connection);
    this._options.onConnection(connection);
    return connection;
  }

  private async _post(
    name: string,
    body: Fields,
    signal?: AbortSignal
  ): Promise<Fields> {
    const path = `${CONTRACT.routes.connections}/${name}`;
    // Nobody clicks for these two: no sign that somebody is there.
    const isBackground = name === 'find' || name === 'task';
    const request = { method: 'POST', path, body, isBackground } as const;
    const answer = await askGateway(
      this._options.serverSettings,
      request,
      signal
    );
    return fieldsOf(await jsonOf(answer, signal));
  }
}

function printDraft(draft: ConnectionDraft): Fields {
  const { trackingUri, registryUri, label } = draft;
  return {
    tracking_uri: trackingUri,
    ...(registryUri && { registry_uri: registryUri }),
    ...(label && { label })
  };
}

function decodeTest(fields: Fields): ConnectionTest {
  return {
    isOk: fields.ok === true,
    diagnosis: text(fields, 'diagnosis'),
    message: text(fields, 'message'),
    remedy: textOrNull(fields, 'remedy'),
    mlflowVersion: textOrNull(fields, 'mlflow_version')
  };
}

const STATES = ['running', 'done', 'failed'] as const;

function decodeTask(fields: Fields): MaintenanceTask {
  const { connection } = fields;
  return {
    state: STATES.find(state => state === fields.state) ?? 'failed',
    message: text(fields, 'message'),
    connection: connection ? decodeConnection(connection) : null
  };
}
