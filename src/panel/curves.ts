import { Latest, isSuperseded } from '../base/latest';
import type { RunId } from '../mlflow/entities';
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
    const missing = runIds.filter(
      runId => !this._kept.has(keyOf(session, runId, key))
    );
    if (missing.length === 0 || session.connection.state === 'absent') {
      return;
    }
    try {
      const histories = await this._latest.run(signal =>
        session.source.readHistory(
          { runIds: missing, keys: [key], maxPoints: MOST_POINTS },
          signal
        )
      );
      // Runs without points are remembered too, so that nobody asks again.
      missing.forEach(runId => this._keep(keyOf(session, runId, key), []));
      for (const { runId, points } of histories) {
        const values = points.map(({ value }) => value);
        this._keep(keyOf(session, runId, key), values);
      }
      this._onChanged();
    } catch (error) {
      if (!isSuperseded(error)) {
        // Curves are an ornament: the rows stand without them.
        console.warn('experiments: no curves for the rows', error);
      }
    }
  }

  /** A run went on: its curve is read again when it has ended. */
  forget(session: ISession, runId: RunId, key: string): void {
    this._kept.delete(keyOf(session, runId, key));
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
  private readonly _latest = new Latest();
}

function keyOf(session: ISession, runId: RunId, key: string): string {
  return `${session.connection.id}\n${runId}\n${key}`;
}
