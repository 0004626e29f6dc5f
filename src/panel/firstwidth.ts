import type { Widget } from '@lumino/widgets';
import { SplitPanel } from '@lumino/widgets';
import { CONTRACT } from '../contract';
import { widened } from './widened';

const FIRST_WIDTH_PX = 320;
const KEY = `${CONTRACT.package}:first-width`;

/** True once in a browser's life; false where it cannot be remembered. */
function isFirstTime(): boolean {
  try {
    const isFirst = window.localStorage.getItem(KEY) === null;
    window.localStorage.setItem(KEY, 'given');
    return isFirst;
  } catch {
    return false;
  }
}

/** Give a widget of a side bar its first width; later it is the user's. */
export function giveFirstWidth(widget: Widget): void {
  let child = widget;
  let { parent } = widget;
  while (
    parent &&
    !(parent instanceof SplitPanel && parent.orientation === 'horizontal')
  ) {
    child = parent;
    parent = parent.parent;
  }
  if (parent instanceof SplitPanel && isFirstTime()) {
    const wanted = FIRST_WIDTH_PX / parent.node.clientWidth;
    const index = parent.widgets.indexOf(child);
    const sizes = widened(parent.relativeSizes(), index, wanted);
    if (sizes) {
      parent.setRelativeSizes(sizes);
    }
  }
}
