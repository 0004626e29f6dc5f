/** A key as the grid sees it; letters are commands, not here. */
export type GridKey = Readonly<{
  key: string;
  isShift: boolean;
  /** Ctrl, or Cmd on macOS. */
  isAccel: boolean;
  isAlt: boolean;
}>;

/** Where the active row is, and what it can do. */
export type GridPlace = Readonly<{
  /** -1: no row is active. */
  active: number;
  count: number;
  /** Rows seen at once. */
  page: number;
  depth: number;
  fold: 'open' | 'closed' | null;
}>;

/** What a key asks for. */
export type GridMove =
  | Readonly<{ kind: 'go'; to: number; isSpan: boolean }>
  | Readonly<{ kind: 'fold'; isOpen: boolean }>
  | Readonly<{ kind: 'parent' }>
  | Readonly<{ kind: 'check' | 'checkAll' | 'open' | 'escape' }>;

const STEPS: Readonly<
  Record<string, (place: GridPlace) => number | undefined>
> = {
  ArrowDown: place => place.active + 1,
  ArrowUp: place => (place.active < 0 ? 0 : place.active - 1),
  PageDown: place => place.active + place.page,
  PageUp: place => place.active - place.page,
  Home: () => 0,
  End: place => place.count - 1
};

function step(key: GridKey, place: GridPlace): GridMove | null {
  const to = STEPS[key.key]?.(place);
  if (to === undefined || place.count === 0) {
    return null;
  }
  const inside = Math.min(Math.max(to, 0), place.count - 1);
  return { kind: 'go', to: inside, isSpan: key.isShift };
}

function sideways(key: string, place: GridPlace): GridMove | null {
  if (key === 'ArrowRight' && place.fold === 'closed') {
    return { kind: 'fold', isOpen: true };
  }
  if (key === 'ArrowLeft' && place.fold === 'open') {
    return { kind: 'fold', isOpen: false };
  }
  return key === 'ArrowLeft' && place.depth > 0 ? { kind: 'parent' } : null;
}

const SINGLE: Readonly<Record<string, 'check' | 'open' | 'escape'>> = {
  ' ': 'check',
  Enter: 'open',
  Escape: 'escape'
};

/** What a key means in the grid, or null when it is not the grid's. */
export function gridMove(key: GridKey, place: GridPlace): GridMove | null {
  if (key.isAlt) {
    return null;
  }
  if (key.isAccel) {
    return key.key.toLowerCase() === 'a' ? { kind: 'checkAll' } : null;
  }
  const kind = SINGLE[key.key];
  return kind ? { kind } : (sideways(key.key, place) ?? step(key, place));
}
