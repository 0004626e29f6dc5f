import type { Connection } from '../tokens';

/** Finds the connection of the tracking URI that a kernel wrote down. */
export type FindConnection = (kernelId: string) => Promise<Connection | null>;

/**
 * Connection of a kernel that chose its tracking URI itself: asked of the
 * server once for each URI it wrote down.
 */
export class OwnConnection {
  constructor(
    private readonly _find: FindConnection,
    private readonly _onFound: () => void
  ) {}

  /** Null while it is not known, or not on offer here. */
  get id(): string | null {
    return this._id;
  }

  /** Resolves when the question asked last is answered. */
  get found(): Promise<void> {
    return this._found;
  }

  /** Ask, unless this was asked; `revision` grows with each other URI. */
  follow(kernelId: string, revision: number): void {
    const question = `${kernelId} ${revision}`;
    if (question !== this._question) {
      this._question = question;
      this._found = this._ask(kernelId, question);
    }
  }

  /** The kernel logs to a connection that it was told. */
  forget(): void {
    this._question = '';
    this._id = null;
  }

  private async _ask(kernelId: string, question: string): Promise<void> {
    let connection: Connection | null = null;
    try {
      connection = await this._find(kernelId);
    } catch (error) {
      console.warn('Experiments: where a kernel logs is not known.', error);
    }
    // The kernel may have moved on while the server was asked.
    if (question === this._question) {
      this._id = connection?.id ?? null;
      this._onFound();
    }
  }

  private _question = '';
  private _id: string | null = null;
  private _found: Promise<void> = Promise.resolve();
}
