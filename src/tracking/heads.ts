import type { RunId } from '../mlflow/entities';
import type { MetricPatch, RunPatch } from '../runtable/patch';
import { isOlder } from '../runtable/patch';

const MOST_RUNS = 200;

/**
 * The latest value of each live metric, so that one that is written late or
 * once more, as `log_model` does, is not taken for the latest.
 */
export class MetricHeads {
  /** The patch, in which older values have given way to those known. */
  withNewest(patch: RunPatch): RunPatch {
    if (patch.metrics.size === 0) {
      return patch;
    }
    const heads = this._runs.get(patch.runId) ?? new Map();
    // Put at the end: the first is the one of which nothing was heard longest.
    this._runs.delete(patch.runId);
    this._runs.set(patch.runId, heads);
    this._dropOldest();
    const metrics = new Map<string, MetricPatch>();
    for (const [key, metric] of patch.metrics) {
      const head = heads.get(key);
      const isLate = head !== undefined && isOlder(metric, head);
      const newest = isLate ? { ...head, points: metric.points } : metric;
      heads.set(key, { ...newest, points: [] });
      metrics.set(key, newest);
    }
    return { ...patch, metrics };
  }

  private _dropOldest(): void {
    const [oldest] = this._runs.keys();
    if (this._runs.size > MOST_RUNS && oldest !== undefined) {
      this._runs.delete(oldest);
    }
  }

  private readonly _runs = new Map<RunId, Map<string, MetricPatch>>();
}
