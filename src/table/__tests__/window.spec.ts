import { describe, expect, it } from 'vitest';
import { ROW_HEIGHT, rowWindow, scrollHeight, scrollToRow } from '../window';

describe('rowWindow', () => {
  it('shows all rows of a short list', () => {
    const view = { scrollTop: 0, viewHeight: 240, count: 3 };
    expect(rowWindow(view)).toEqual({ first: 0, end: 3, shift: 0 });
  });

  it('moves the first row up by the rest of the division', () => {
    const view = { scrollTop: 30, viewHeight: 240, count: 100 };
    expect(rowWindow(view)).toEqual({ first: 1, end: 11, shift: 6 });
  });

  it('shows the last row at the very end', () => {
    const count = 100_000;
    const viewHeight = 600;
    const scrollTop = scrollHeight(count) - viewHeight;
    const seen = rowWindow({ scrollTop, viewHeight, count });
    expect(seen.end).toBe(count);
    expect(seen.first).toBe(count - 24);
  });

  it('reaches the last of a million rows though no browser scrolls so far', () => {
    const count = 1_000_000;
    const viewHeight = 600;
    const scrollTop = scrollHeight(count) - viewHeight;
    expect(scrollHeight(count)).toBeLessThan(17_000_000);
    expect(rowWindow({ scrollTop, viewHeight, count }).end).toBe(count);
  });
});

describe('scrollToRow', () => {
  it('stays where it is when the row is seen', () => {
    const view = { scrollTop: 48, viewHeight: 240, count: 100 };
    expect(scrollToRow(5, view)).toBe(48);
  });

  it('brings a row below the view to its lower edge', () => {
    const view = { scrollTop: 0, viewHeight: 240, count: 100 };
    const scrollTop = scrollToRow(50, view);
    expect(rowWindow({ ...view, scrollTop }).end).toBe(51);
  });

  it('brings a row above the view to its upper edge', () => {
    const view = { scrollTop: 900, viewHeight: 240, count: 100 };
    expect(scrollToRow(2, view)).toBe(2 * ROW_HEIGHT);
  });
});
