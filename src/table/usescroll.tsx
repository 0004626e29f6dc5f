import * as React from 'react';
import type { IGridHandlers, IGridRows } from './rows';
import type { RowWindow } from './window';
import { rowWindow, scrollHeight, scrollToRow } from './window';

type Held = Readonly<{ isHovered: boolean; isFocused: boolean }>;

/** Where the grid is scrolled to, and what it shows there. */
export type GridScroll = Readonly<{
  ref: React.RefObject<HTMLDivElement>;
  window: RowWindow;
  viewHeight: number;
  height: number;
  toRow(index: number): void;
  toTop(): void;
  onScroll(): void;
  /** The pointer or the focus came or went. */
  hold(change: Partial<Held>): void;
}>;

/** Height of an element, kept while it is hidden. */
function useHeight(ref: React.RefObject<HTMLElement>): number {
  const [height, setHeight] = React.useState(0);
  React.useLayoutEffect(() => {
    const grid = ref.current;
    if (!grid) {
      return;
    }
    let frame = 0;
    const read = (): void => {
      // Behind another tab it is 0: what was known stays.
      if (grid.clientHeight > 0) {
        setHeight(grid.clientHeight);
      }
    };
    const observer = new ResizeObserver(() => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(read);
    });
    read();
    observer.observe(grid);
    return () => {
      cancelAnimationFrame(frame);
      observer.disconnect();
    };
  }, [ref]);
  return height;
}

/** Scrolling of a grid with rows of one height. */
export function useGridScroll(
  rows: IGridRows,
  startTop: number,
  handlers: IGridHandlers
): GridScroll {
  const ref = React.useRef<HTMLDivElement>(null);
  const held = React.useRef<Held>({ isHovered: false, isFocused: false });
  const viewHeight = useHeight(ref);
  const [top, setTop] = React.useState(startTop);
  const { count } = rows;
  const view = { scrollTop: top, viewHeight, count };
  const window = rowWindow(view);
  const hold = (change: Partial<Held>, at = top): void => {
    held.current = { ...held.current, ...change };
    const { isHovered, isFocused } = held.current;
    handlers.onHold(isHovered || isFocused || at > 0);
  };
  const move = (to: number): void => {
    setTop(to);
    hold({}, to);
    if (ref.current) {
      ref.current.scrollTop = to;
    }
  };
  React.useLayoutEffect(() => {
    const grid = ref.current;
    if (grid?.clientHeight && Math.abs(grid.scrollTop - top) > 1) {
      grid.scrollTop = top;
    }
  }, [viewHeight]);
  // Rows that are gone are not looked at: what waits for them may show.
  React.useEffect(() => () => handlers.onHold(false), [handlers]);
  React.useEffect(
    () => handlers.onWindow(window.first, window.end, top),
    [window.first, window.end, count, top]
  );
  return {
    ref,
    window,
    viewHeight,
    height: scrollHeight(count),
    toRow: index => move(scrollToRow(index, view)),
    toTop: () => move(0),
    onScroll: () => {
      if (ref.current?.clientHeight) {
        move(ref.current.scrollTop);
      }
    },
    hold
  };
}
