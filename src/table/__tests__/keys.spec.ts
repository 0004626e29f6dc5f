import { describe, expect, it } from 'vitest';
import type { GridPlace } from '../keys';
import { gridMove } from '../keys';

const PLACE: GridPlace = {
  active: 3,
  count: 10,
  page: 5,
  depth: 0,
  fold: null
};

function press(
  key: string,
  place: Partial<GridPlace> = {},
  held: 'shift' | 'accel' | 'alt' | null = null
) {
  return gridMove(
    {
      key,
      isShift: held === 'shift',
      isAccel: held === 'accel',
      isAlt: held === 'alt'
    },
    { ...PLACE, ...place }
  );
}

describe('gridMove', () => {
  it('goes one row down, and stays at the last one', () => {
    expect(press('ArrowDown')).toEqual({ kind: 'go', to: 4, isSpan: false });
    expect(press('ArrowDown', { active: 9 })).toMatchObject({ to: 9 });
  });

  it('starts at the first row when none is active', () => {
    expect(press('ArrowDown', { active: -1 })).toMatchObject({ to: 0 });
    expect(press('ArrowUp', { active: -1 })).toMatchObject({ to: 0 });
  });

  it('goes by pages, to the first and to the last row', () => {
    expect(press('PageDown')).toMatchObject({ to: 8 });
    expect(press('PageUp')).toMatchObject({ to: 0 });
    expect(press('Home')).toMatchObject({ to: 0 });
    expect(press('End')).toMatchObject({ to: 9 });
  });

  it('spans with Shift', () => {
    expect(press('ArrowUp', {}, 'shift')).toMatchObject({ isSpan: true });
  });

  it('unfolds a parent, folds it, and leads from a child to its parent', () => {
    expect(press('ArrowRight', { fold: 'closed' })).toEqual({
      kind: 'fold',
      isOpen: true
    });
    expect(press('ArrowLeft', { fold: 'open' })).toEqual({
      kind: 'fold',
      isOpen: false
    });
    expect(press('ArrowLeft', { depth: 1 })).toEqual({ kind: 'parent' });
  });

  it('leaves letters to the commands, and Alt to the system', () => {
    expect(press('r')).toBeNull();
    expect(press('ArrowDown', {}, 'alt')).toBeNull();
  });

  it('checks all with the accelerator and A', () => {
    expect(press('a', {}, 'accel')).toEqual({ kind: 'checkAll' });
  });
});
