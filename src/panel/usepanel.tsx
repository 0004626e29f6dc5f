import * as React from 'react';
import { onNextFrame } from '../base/frame';
import { textAt } from '../runtable/runtable';
import type { PanelParts } from './parts';
import type { PanelWidth } from './gridcolumns';
import { panelWidth } from './gridcolumns';

/** Draw again when the panel's parts change; at most once a frame. */
export function useParts(parts: PanelParts): void {
  const [, bump] = React.useReducer((count: number) => count + 1, 0);
  React.useEffect(() => {
    let cancel: (() => void) | null = null;
    const slot = (): void => {
      cancel ??= onNextFrame(() => {
        cancel = null;
        bump();
      });
    };
    parts.changed.connect(slot);
    slot();
    return () => {
      parts.changed.disconnect(slot);
      cancel?.();
    };
  }, [parts]);
}

function isTicking(parts: PanelParts): boolean {
  const { runs, isVisible } = parts.model;
  if (!isVisible) {
    return false;
  }
  const status = runs.table.columns.get('status');
  for (let row = 0; row < runs.table.rowCount; row++) {
    if (textAt(status, row) === 'RUNNING') {
      return true;
    }
  }
  return runs.freshness.nextTryMs !== null;
}

/** The time; each second while something runs, else each half minute. */
export function useNow(parts: PanelParts): number {
  const [, tick] = React.useReducer((count: number) => count + 1, 0);
  const ticks = isTicking(parts);
  React.useEffect(() => {
    if (!parts.model.isVisible) {
      return;
    }
    const timer = window.setInterval(tick, ticks ? 1000 : 30_000);
    return () => window.clearInterval(timer);
  }, [ticks, parts.model.isVisible]);
  return Date.now();
}

/** In which step of width an element is. */
export function useWidth(ref: React.RefObject<HTMLElement>): PanelWidth {
  const [width, setWidth] = React.useState<PanelWidth>('normal');
  React.useLayoutEffect(() => {
    const element = ref.current;
    if (!element) {
      return;
    }
    let cancel: (() => void) | null = null;
    const read = (): void => {
      cancel = null;
      // Behind another tab it is 0: what was known stays.
      if (element.clientWidth > 0) {
        setWidth(panelWidth(element.clientWidth));
      }
    };
    read();
    const observer = new ResizeObserver(() => {
      cancel ??= onNextFrame(read);
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      cancel?.();
    };
  }, [ref]);
  return width;
}
