import { describe, expect, it } from 'vitest';
import { lineFigure } from '../figure';
import { bestPoint, seriesOf, smooth, thin } from '../series';

const points = (values: readonly number[]) =>
  values.map((value, step) => ({
    step,
    value,
    timestampMs: 1000 + step * 500
  }));

describe('seriesOf', () => {
  it('orders by step and leaves gaps for NaN and infinity', () => {
    const series = seriesOf(
      [...points([1, NaN, 1.7976931348623157e308, 4])].reverse()
    );
    expect(series).toEqual({ xs: [0, 1, 2, 3], ys: [1, null, null, 4] });
  });

  it('counts seconds from the first point', () => {
    expect(seriesOf(points([1, 2, 3]), 'seconds').xs).toEqual([0, 0.5, 1]);
  });
});

describe('smooth', () => {
  it('keeps a level curve level from its first point', () => {
    const { ys } = smooth(seriesOf(points([2, 2, NaN, 2])), 0.9);
    expect(
      ys.map(y => (y === null ? null : Math.round(y * 1e6) / 1e6))
    ).toEqual([2, 2, null, 2]);
  });
});

describe('thin', () => {
  it('keeps the first, the last and every peak', () => {
    const values = Array.from({ length: 100000 }, (_, i) =>
      i === 54321 ? 99 : i === 777 ? -99 : i % 3
    );
    const thinned = thin(seriesOf(points(values)), 2000);
    expect(thinned.xs.length).toBeLessThanOrEqual(2000);
    expect(thinned.ys).toContain(99);
    expect(thinned.ys).toContain(-99);
    expect([thinned.xs[0], thinned.xs[thinned.xs.length - 1]]).toEqual([
      0, 99999
    ]);
  });
});

describe('bestPoint', () => {
  it('is the first of the best values', () => {
    expect(bestPoint(points([3, NaN, 1, 1]), 'lower')?.step).toBe(2);
    expect(bestPoint(points([3, NaN, 1, 3]), 'higher')?.step).toBe(0);
    expect(bestPoint([], 'lower')).toBeNull();
  });
});

describe('lineFigure', () => {
  it('draws curves in the colours of the theme, with a legend from two on', () => {
    const theme = {
      text: '#111',
      mutedText: '#222',
      line: '#333',
      background: '#fff',
      fontFamily: 'x',
      fontSizePx: 11,
      colors: ['red', 'blue']
    };
    const curve = (name: string) => ({
      name,
      series: seriesOf(points([1, 2]))
    });
    const figure = lineFigure([curve('a'), curve('b'), curve('c')], theme, {
      xTitle: 'step'
    });
    expect(figure.traces.map(trace => trace.line)).toEqual([
      { color: 'red', width: 1.5 },
      { color: 'blue', width: 1.5 },
      { color: 'red', width: 1.5 }
    ]);
    expect(figure.layout).toMatchObject({
      showlegend: true,
      paper_bgcolor: '#fff'
    });
  });
});
