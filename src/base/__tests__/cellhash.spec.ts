import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { cellHash } from '../cellhash';

describe('cellHash', () => {
  it.each([
    [''],
    ['%%run ridge\nfit()'],
    ['naïve 😀'],
    ['x'.repeat(55)],
    ['x'.repeat(56)],
    ['x'.repeat(64)],
    ['x'.repeat(100_000)]
  ])('is that of the kernel', source => {
    const expected = createHash('sha256').update(source).digest('hex');
    expect(cellHash(source)).toBe(expected.slice(0, 16));
  });
});
