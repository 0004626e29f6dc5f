import { Latest, isSuperseded } from '../base/latest';
import type { HistoryPoint, Run, RunId } from '../mlflow/entities';
import type { RunPatch } from '../runtable/patch';
import { metricClass } from '../runs/columns';
import type { ISession } from '../tokens';

/** Points that a curve in the page has at most. */
const MOST_POINTS = 2000;
/** Metrics whose curves are read at once; others when they are opened. */
const FIRST_METRICS = 24;

/** Metric histories of one run; grow while it runs. */
export class Curves {
  constructor(
    private readonly _session: ISession,
    private readonly _onChanged: () => void
  ) {}

  /** Points of a metric by step; null while they are not known. */
  points(key: string): readonly HistoryPoint[] | null {
    return this._points.get(key) ?? null;
  }

  /** Is the metric shown as a chart? */
  isOpen(key: string): boolean {
    return this._open.has(key);
  }

  toggle(key: string): void {
    if (!this._open.delete(key)) {
      this._open.add(key);
    }
    this._onChanged();
    if (!this._points.has(key) && this._runId !== null) {
      this._read(this._runId, [key]).catch(error => {
        console.warn(`experiments: no history of ${key}`, error);
      });
    }
  }

  /** Read the histories of a run's metrics, those that matter first. */
  async load(run: Run): Promise<void> {
    const keys = metricOrder(run);
    if (run.runId !== this._runId && keys.length > 0) {
      this._open = new Set([keys[0]]);
    }
    this._runId = run.runId;
    if (keys.length > 0) {
      await this._read(run.runId, keys.slice(0, FIRST_METRICS));
    }
  }

  /** Take in what a kernel sent. */
  receive(run: Run, patch: RunPatch): void {
    for (const [key, { points, timestampMs, value, step }] of patch.metrics) {
      const news = points.length > 0 ? points : [{ value, step }];
      const known = this._points.get(key) ?? [];
      const last = known.length > 0 ? known[known.length - 1].step : -Infinity;
      const later = news
        .filter(point => point.step > last || known.length === 0)
        .map(point => ({ ...point, timestampMs }));
      this._points.set(key, [...known, ...later]);
    }
    if (this._open.size === 0 && run.metrics.length > 0) {
      this._open.add(metricOrder(run)[0]);
    }
  }

  clear(): void {
    this._latest.abort();
    this._points.clear();
    this._open = new Set();
    this._runId = null;
  }

  dispose(): void {
    this._latest.abort();
  }

  private async _read(runId: RunId, keys: readonly string[]): Promise<void> {
    try {
      const histories = await this._latest.run(signal =>
        this._session.source.readHistory(
          { runIds: [runId], keys, maxPoints: MOST_POINTS },
          signal
        )
      );
      for (const { key, points } of histories) {
        this._points.set(key, this._withLive(runId, key, points));
      }
      this._onChanged();
    } catch (error) {
      if (!isSuperseded(error)) {
        throw error;
      }
    }
  }

  /** The store may lag behind what the kernel has sent already. */
  private _withLive(
    runId: RunId,
    key: string,
    points: readonly HistoryPoint[]
  ): readonly HistoryPoint[] {
    const last = points.length > 0 ? points[points.length - 1].step : -Infinity;
    const live = this._session.liveCurve(runId, key);
    return [...points, ...live.filter(point => point.step > last)];
  }

  private readonly _points = new Map<string, readonly HistoryPoint[]>();
  private readonly _latest = new Latest();
  private _open = new Set<string>();
  private _runId: RunId | null = null;
}

/** Keys of a run's metrics: the chosen one, held back data first, training and system last. */
export function metricOrder(
  run: Run,
  mainMetric: string | null = null
): readonly string[] {
  const rank = (key: string): number =>
    key === mainMetric ? -1 : metricClass(key);
  return run.metrics
    .map(({ key }) => key)
    .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}
