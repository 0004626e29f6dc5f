/**
 * Sizes in which the part at `index` has `wanted` at least, taken from the
 * largest part; null when it has as much already.
 */
export function widened(
  sizes: readonly number[],
  index: number,
  wanted: number
): number[] | null {
  const missing = wanted - sizes[index];
  const largest = sizes.indexOf(Math.max(...sizes));
  if (!(missing > 0) || largest === index || sizes[largest] <= missing) {
    return null;
  }
  const result = [...sizes];
  result[index] += missing;
  result[largest] -= missing;
  return result;
}
