import type { HistoryPoint } from '../mlflow/entities';

/** MLflow keeps infinities as the greatest number. */
const STORED_INFINITY = 1.7976931348623157e308;

/** A curve ready to draw; gaps are null. */
export type Series = Readonly<{
  xs: readonly number[];
  ys: readonly (number | null)[];
}>;

/** What the horizontal axis counts. */
export type XAxis = 'step' | 'seconds';

/** Points of a curve by step, or by seconds since its first point. */
export function seriesOf(
  points: readonly HistoryPoint[],
  axis: XAxis = 'step'
): Series {
  const position = (point: HistoryPoint): number =>
    axis === 'step' ? point.step : point.timestampMs / 1000;
  const sorted = [...points].sort((a, b) => position(a) - position(b));
  const zero = axis === 'step' || sorted.length === 0 ? 0 : position(sorted[0]);
  return {
    xs: sorted.map(point => position(point) - zero),
    ys: sorted.map(({ value }) => (isDrawable(value) ? value : null))
  };
}

function isDrawable(value: number): boolean {
  return Number.isFinite(value) && Math.abs(value) < STORED_INFINITY;
}

/**
 * Exponential smoothing, of which the first values are freed from the bias
 * to zero. `weight` from 0 (as it is) to below 1; gaps stay.
 */
export function smooth(series: Series, weight: number): Series {
  let last = 0;
  let count = 0;
  const ys = series.ys.map(value => {
    if (value === null || weight <= 0) {
      return value;
    }
    last = last * weight + (1 - weight) * value;
    count++;
    return last / (1 - weight ** count);
  });
  return { xs: series.xs, ys };
}

/**
 * At most about `most` points: of each stretch its first, least, greatest and
 * last, so that no peak is lost.
 */
export function thin(series: Series, most: number): Series {
  const count = series.xs.length;
  if (count <= most) {
    return series;
  }
  const stretches = Math.max(1, Math.floor(most / 4));
  const kept: number[] = [];
  for (let stretch = 0; stretch < stretches; stretch++) {
    const from = Math.floor((stretch * count) / stretches);
    const to = Math.floor(((stretch + 1) * count) / stretches);
    kept.push(...extremes(series.ys, from, to));
  }
  return {
    xs: kept.map(index => series.xs[index]),
    ys: kept.map(index => series.ys[index])
  };
}

/** Indices of the first, least, greatest and last value, ascending. */
function extremes(
  ys: Series['ys'],
  from: number,
  to: number
): readonly number[] {
  let least = from;
  let greatest = from;
  for (let index = from; index < to; index++) {
    const value = ys[index];
    if (value !== null) {
      least = value < (ys[least] ?? Infinity) ? index : least;
      greatest = value > (ys[greatest] ?? -Infinity) ? index : greatest;
    }
  }
  const picked = new Set([from, least, greatest, to - 1]);
  return [...picked].sort((a, b) => a - b);
}

/** The best point of a curve, or null where it has no number. */
export function bestPoint(
  points: readonly HistoryPoint[],
  direction: 'lower' | 'higher'
): HistoryPoint | null {
  const sign = direction === 'lower' ? -1 : 1;
  return points.reduce<HistoryPoint | null>((best, point) => {
    if (Number.isNaN(point.value)) {
      return best;
    }
    return best && sign * point.value <= sign * best.value ? best : point;
  }, null);
}
