import { describe, expect, it } from 'vitest';
import { sparkPath } from '../sparkpath';

describe('sparkPath', () => {
  it('draws nothing from fewer than two finite values', () => {
    expect(sparkPath([], 28, 14)).toBeNull();
    expect(sparkPath([1, NaN, Infinity], 28, 14)).toBeNull();
  });

  it('runs from left to right with the greatest value on top', () => {
    const spark = sparkPath([0, 1], 28, 14);
    expect(spark).toEqual({ path: 'M1.5 12.5L26.5 1.5', x: 26.5, y: 1.5 });
  });

  it('draws equal values as a line in the middle', () => {
    expect(sparkPath([2, 2], 28, 14)?.y).toBe(7);
  });
});
