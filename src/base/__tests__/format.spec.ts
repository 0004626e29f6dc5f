import { describe, expect, it } from 'vitest';
import {
  decimalsFor,
  formatAge,
  formatDuration,
  formatElapsed,
  formatNumber,
  formatSize,
  formatTime,
  printNumber,
  truncateHead,
  truncateTail
} from '../format';

describe('numbers', () => {
  it('have four significant digits', () => {
    expect(formatNumber(0.97594)).toBe('0.9759');
    expect(formatNumber(12.3456)).toBe('12.35');
    expect(formatNumber(1234.56)).toBe('1235');
    expect(formatNumber(32)).toBe('32');
    expect(formatNumber(0)).toBe('0');
  });

  it('of a column have equal decimals', () => {
    const decimals = decimalsFor([0.9759, 1, null, NaN, 0.5]);
    expect(formatNumber(1, decimals)).toBe('1.0000');
    expect(formatNumber(0.5, decimals)).toBe('0.5000');
  });

  it('of small values have as many decimals as the greatest needs', () => {
    const decimals = decimalsFor([0.00123, 0.00456]);
    expect(formatNumber(0.00123, decimals)).toBe('0.001230');
  });

  it('need no decimals when all are whole', () => {
    expect(decimalsFor([1, 20, 300])).toBe(0);
  });

  it('that are very small or large are shown by exponent', () => {
    expect(formatNumber(0.00003, 4)).toBe('3e-5');
    expect(formatNumber(1.2345678e12)).toBe('1.235e12');
  });

  it('that are none have words of their own', () => {
    expect(formatNumber(NaN)).toBe('NaN');
    expect(formatNumber(null)).toBe('–');
    expect(formatNumber(Infinity)).toBe('∞');
    expect(formatNumber(1.7976931348623157e308)).toBe('∞');
    expect(formatNumber(-1.7976931348623157e308, 2)).toBe('-∞');
  });

  it('are printed whole for tooltips', () => {
    expect(printNumber(0.123456789)).toBe('0.123456789');
    expect(printNumber(-1.7976931348623157e308)).toBe('-∞');
  });
});

describe('durations', () => {
  it.each([
    [85, '85 ms'],
    [1400, '1.4 s'],
    [9990, '10 s'],
    [59400, '59 s'],
    [59600, '1 min'],
    [12 * 60000, '12 min'],
    [3 * 3600000 + 5 * 60000, '3 h 5 min'],
    [51 * 3600000, '2 d 3 h'],
    [-5, '0 ms'],
    [null, '–']
  ])('of %s ms read %s', (durationMs, words) => {
    expect(formatDuration(durationMs)).toBe(words);
  });

  it('of a running run tick', () => {
    expect(formatElapsed(6400)).toBe('0:06');
    expect(formatElapsed(754000)).toBe('12:34');
    expect(formatElapsed(3723000)).toBe('1:02:03');
  });
});

describe('times', () => {
  it.each([
    [10_000, 'now'],
    [60_000, '1m'],
    [2 * 3600_000, '2h'],
    [3 * 86400_000, '3d'],
    [-5000, 'now']
  ])('%s ms ago read %s', (age, words) => {
    expect(formatAge(1e12, 1e12 + age)).toBe(words);
  });

  it('bear their zone', () => {
    expect(formatTime(Date.UTC(2026, 10, 20, 13, 1, 7), 'UTC')).toBe(
      '2026-11-20 13:01:07 UTC'
    );
  });
});

describe('sizes and texts', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [41_000, '41 kB'],
    [1_234_567, '1.2 MB'],
    [999_999, '1.0 MB'],
    [null, '–']
  ])('%s bytes read %s', (sizeBytes, words) => {
    expect(formatSize(sizeBytes)).toBe(words);
  });

  it('paths lose their head', () => {
    expect(truncateHead('data/raw/tripdata.csv', 13)).toBe('…tripdata.csv');
    expect(truncateHead('short.csv', 20)).toBe('short.csv');
  });

  it('letters outside the first plane are not cut in two', () => {
    expect(truncateTail('😀😀😀', 2)).toBe('😀…');
  });
});
