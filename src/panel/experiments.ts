import type { Experiment, ExperimentId } from '../mlflow/entities';
import type { ISession } from '../tokens';

// A menu waits no longer than this for a store that is slow to answer.
const PATIENCE_MS = 600;

/** Experiments of each connection, as last seen. */
export class Experiments {
  /** Most recently changed first; what is known after a short wait. */
  async list(session: ISession): Promise<readonly Experiment[]> {
    // A store that does not exist yet is not made by asking.
    if (session.connection.state !== 'absent') {
      const patience = new Promise<void>(resolve =>
        setTimeout(resolve, PATIENCE_MS)
      );
      await Promise.race([this._load(session), patience]);
    }
    return this._known.get(session.connection.id) ?? [];
  }

  /** Name of an experiment, or null while it is not known. */
  nameOf(connectionId: string, id: ExperimentId): string | null {
    const known = this._known.get(connectionId);
    return known?.find(one => one.experimentId === id)?.name ?? null;
  }

  private async _load(session: ISession): Promise<void> {
    try {
      const found = await session.client.searchExperiments();
      this._known.set(session.connection.id, found);
    } catch (error) {
      // The banner says that the store does not answer; the menu stays usable.
      console.warn(
        'experiments: the list of experiments is not at hand',
        error
      );
    }
  }

  private readonly _known = new Map<string, readonly Experiment[]>();
}
