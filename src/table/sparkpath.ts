/** A curve as an SVG path in a box, with the place of its last point. */
export type SparkPath = Readonly<{ path: string; x: number; y: number }>;

const PAD = 1.5;

/** Draw values, first left and greatest on top; null under two finite ones. */
export function sparkPath(
  values: readonly number[],
  width: number,
  height: number
): SparkPath | null {
  const finite = values.filter(Number.isFinite);
  if (finite.length < 2) {
    return null;
  }
  const least = Math.min(...finite);
  const span = Math.max(...finite) - least;
  const across = (width - 2 * PAD) / (finite.length - 1);
  const round = (value: number): number => Math.round(value * 10) / 10;
  const points = finite.map((value, index) => ({
    x: round(PAD + index * across),
    y: round(
      span === 0
        ? height / 2
        : height - PAD - ((value - least) / span) * (height - 2 * PAD)
    )
  }));
  const path = points.map(({ x, y }) => `${x} ${y}`).join('L');
  return { path: `M${path}`, ...points[points.length - 1] };
}
