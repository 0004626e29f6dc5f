import { describe, expect, it } from 'vitest';
import { widened } from '../widened';

describe('the first width', () => {
  it('is taken from the largest part', () => {
    const sizes = widened([0.2, 0.6, 0.2], 2, 0.25);
    expect(sizes?.map(size => Number(size.toFixed(2)))).toEqual([
      0.2, 0.55, 0.25
    ]);
  });

  it('leaves a panel that is wide enough', () => {
    expect(widened([0.2, 0.5, 0.3], 2, 0.25)).toBeNull();
  });
});
