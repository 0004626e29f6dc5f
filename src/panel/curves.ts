import type { RunId } from '../mlflow/entities';
import { isCancelled } from '../mlflow/errors';
import type { ISession } from '../tokens';

const MOST_POINTS = 30;
const MOST_KEPT = 2000;

/** Small curves of the rows that are seen: read once, in one request. */
export class Curves {
  /** `onChanged` is called when curves have arrived. */
  constructor(private readonly _onChanged: () => void) {}

  /** Values of a finished run's curve; null while none is known. */
  finished(
    session: ISession,
    runId: RunId,
    key: string
  ): readonly number[] | null {
    return this._kept.get(keyOf(session, runId, key)) ?? null;
  }

  /** Values of a running run's curve, as this page saw them arrive. */
  live(session: ISession, runId: RunId, key: string): readonly number[] | null {
    const points = session.liveCurve(runId, key);
    if (points.length === 0) {
      return null;
    }
    const stride = Math.ceil(points.length / MOST_POINTS);
    return points
      .filter((_, at) => at % stride === 0 || at === points.length - 1)
      .map(({ value }) => value);
  }

  /** Read the curves of these runs that are not known yet. */
  async want(
    session: ISession,
    runIds: readonly RunId[],
    key: string
  ): Promise<void> {
    const missing = runIds.filter(runId => {
      const id = keyOf(session, runId, key);
      return !this._kept.has(id) && !this._asked.has(id);
    });
    if (missing.length === 0 || session.connection.state === 'absent') {
      return;
    }
    const ids = missing.map(runId => keyOf(session, runId, key));
    ids.forEach(id => this._asked.add(id));
    try {
      const histories = await session.source.readHistory(
        { runIds: missing, keys: [key], maxPoints: MOST_POINTS },
        this._stop.signal
      );
      // Runs without points are remembered too, so that nobody asks again.
      ids.forEach(id => this._keep(id, []));
      for (const { runId, points } of histories) {
        const values = points.map(({ value }) => value);
        this._keep(keyOf(session, runId, key), values);
      }
      this._onChanged();
    } catch (error) {
      // Curves are an ornament: the rows stand without them.
      ids.forEach(id => this._keep(id, []));
      if (!isCancelled(error)) {
        console.warn('experiments: no curves for the rows', error);
      }
    } finally {
      ids.forEach(id => this._asked.delete(id));
    }
  }

  /** Nothing is read any more. */
  dispose(): void {
    this._stop.abort();
  }

  private _keep(id: string, values: readonly number[]): void {
    this._kept.delete(id);
    this._kept.set(id, values);
    if (this._kept.size > MOST_KEPT) {
      const [oldest] = this._kept.keys();
      this._kept.delete(oldest);
    }
  }

  private readonly _kept = new Map<string, readonly number[]>();
  private readonly _asked = new Set<string>();
  private readonly _stop = new AbortController();
}

function keyOf(session: ISession, runId: RunId, key: string): string {
  return `${session.connection.id}\n${runId}\n${key}`;
}
