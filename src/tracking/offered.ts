import type { ServerStatus } from '../gateway/connections';
import type { Connection } from '../tokens';

/** The connections on offer: those of the server's last word, and newer ones. */
export class Offered {
  get all(): readonly Connection[] {
    return this._all;
  }

  find(connectionId: string): Connection | undefined {
    return this._all.find(({ id }) => id === connectionId);
  }

  /** As remembered from last time. */
  recall(connections: readonly Connection[]): void {
    this._all = connections;
  }

  /** A connection that the server has told of by itself. */
  learn(connection: Connection): void {
    const isKnown = this.find(connection.id) !== undefined;
    this._all = isKnown
      ? this._all.map(one => (one.id === connection.id ? connection : one))
      : [...this._all, connection];
  }

  /**
   * Take the server's word. Tells which stores are no longer led to by the
   * connections that led there, and whether anything is other than before.
   */
  update({ connections }: ServerStatus): Readonly<{
    forgotten: readonly string[];
    isOther: boolean;
  }> {
    const before = this._all;
    this._all = connections;
    const current = new Set(connections.map(({ storeId }) => storeId));
    const forgotten = before
      .filter(({ id, storeId }) => this.find(id) && !current.has(storeId))
      .map(({ storeId }) => storeId);
    const isOther = JSON.stringify(before) !== JSON.stringify(connections);
    return { forgotten, isOther };
  }

  private _all: readonly Connection[] = [];
}
