import { CONTRACT } from '../contract';
import { decodeConnection, printConnection } from '../gateway/connections';
import type { ServerStatus } from '../gateway/connections';
import { fieldsOf, list, text, textOrNull } from '../mlflow/fields';
import type { Connection } from '../tokens';

/** What the server said last time: rows can be shown before it answers. */
export type Remembered = Readonly<{
  user: string;
  defaultConnection: string;
  /** The panel's connection, where the user chose one. */
  selectedId: string | null;
  connections: readonly Connection[];
}>;

/** Keeps the last answer of one server; `Storage` of a browser, or null. */
export class Memory {
  constructor(
    private readonly _storage: Pick<Storage, 'getItem' | 'setItem'> | null,
    baseUrl: string
  ) {
    this._key = `${CONTRACT.package}:${baseUrl}`;
  }

  read(): Remembered | null {
    try {
      const printed = this._storage?.getItem(this._key);
      return printed ? decodeRemembered(JSON.parse(printed)) : null;
    } catch {
      // Refused, or written by another version: the server will tell.
      return null;
    }
  }

  write(status: ServerStatus, selectedId: string | null): void {
    const printed = JSON.stringify({
      user: status.user,
      default_connection: status.defaultConnection,
      selected: selectedId,
      connections: status.connections.map(printConnection)
    });
    try {
      this._storage?.setItem(this._key, printed);
    } catch {
      // No room or not allowed: then the next start waits for the server.
    }
  }

  private readonly _key: string;
}

function decodeRemembered(value: unknown): Remembered {
  const fields = fieldsOf(value);
  return {
    user: text(fields, 'user'),
    defaultConnection:
      textOrNull(fields, 'default_connection') ?? CONTRACT.defaultConnection,
    selectedId: textOrNull(fields, 'selected'),
    connections: list(fields, 'connections', decodeConnection)
  };
}
