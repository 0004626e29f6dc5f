import type { HistoryPoint, RunId } from '../mlflow/entities';
import type { MetricPatch, RunPatch } from '../runtable/patch';

/** Beyond this every second point of a curve goes: it is a small picture. */
const MOST_POINTS = 4000;
const MOST_RUNS = 200;

/** Points of live runs' metrics, as far as this page has seen them. */
export class LiveCurves {
  receive(patch: RunPatch): void {
    if (patch.metrics.size === 0) {
      return;
    }
    const curves = this._runs.get(patch.runId) ?? new Map();
    this._runs.set(patch.runId, curves);
    for (const [key, metric] of patch.metrics) {
      curves.set(key, grown(curves.get(key) ?? [], metric));
    }
    this._dropOldest();
  }

  curve(runId: RunId, key: string): readonly HistoryPoint[] {
    return this._runs.get(runId)?.get(key) ?? [];
  }

  private _dropOldest(): void {
    const [oldest] = this._runs.keys();
    if (this._runs.size > MOST_RUNS && oldest !== undefined) {
      this._runs.delete(oldest);
    }
  }

  private readonly _runs = new Map<
    RunId,
    Map<string, readonly HistoryPoint[]>
  >();
}

function grown(
  curve: readonly HistoryPoint[],
  { value, step, timestampMs, points }: MetricPatch
): readonly HistoryPoint[] {
  const added = points.length > 0 ? points : [{ step, value }];
  const all = [...curve];
  added.forEach(point => put(all, { ...point, timestampMs }));
  return all.length > MOST_POINTS
    ? all.filter((_, index) => index % 2 === 0 || index === all.length - 1)
    : all;
}

/** Add a point at its step; one that is written once more is not added. */
function put(all: HistoryPoint[], point: HistoryPoint): void {
  let at = all.length;
  while (at > 0 && all[at - 1].step > point.step) {
    at--;
  }
  const isLate = at < all.length;
  const before = all[at - 1];
  const isKnown =
    before?.step === point.step && Object.is(before.value, point.value);
  if (!isLate || !isKnown) {
    all.splice(at, 0, point);
  }
}
