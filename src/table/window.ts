/** Height of the header and of each row, in pixels. */
export const ROW_HEIGHT = 24;

// Firefox stops near 17.9 million pixels, Chromium near 33.5 million.
const MAX_HEIGHT = 15_000_000;

/** Which rows stand in the view, and by how much they are moved up. */
export type RowWindow = Readonly<{
  first: number;
  /** One past the last row that is seen. */
  end: number;
  /** Pixels that the first row is cut at its top. */
  shift: number;
}>;

/** Height of all rows and the header, as far as a browser can scroll. */
export function scrollHeight(count: number): number {
  return Math.min(MAX_HEIGHT, (count + 1) * ROW_HEIGHT);
}

/** A list in a scrolled view; all in pixels but the count. */
export type ScrolledView = Readonly<{
  scrollTop: number;
  viewHeight: number;
  count: number;
}>;

function rowPosition(view: ScrolledView): number {
  const { scrollTop, viewHeight, count } = view;
  const all = (count + 1) * ROW_HEIGHT;
  const scrolled = scrollHeight(count) - viewHeight;
  if (all <= MAX_HEIGHT || scrolled <= 0) {
    return scrollTop;
  }
  return (scrollTop / scrolled) * (all - viewHeight);
}

/** The rows seen in a scrolled list. */
export function rowWindow(view: ScrolledView): RowWindow {
  const { viewHeight, count } = view;
  const most = Math.max(0, (count + 1) * ROW_HEIGHT - viewHeight);
  const top = Math.min(Math.max(0, rowPosition(view)), most);
  const first = Math.floor(top / ROW_HEIGHT);
  const room = Math.max(0, viewHeight - ROW_HEIGHT);
  const end = Math.min(count, Math.ceil((top + room) / ROW_HEIGHT));
  return { first: Math.min(first, end), end, shift: top - first * ROW_HEIGHT };
}

/** Where to scroll so that a row is seen, or the same place if it is. */
export function scrollToRow(index: number, view: ScrolledView): number {
  const { scrollTop, viewHeight, count } = view;
  const all = (count + 1) * ROW_HEIGHT;
  const scale =
    all <= MAX_HEIGHT
      ? 1
      : (scrollHeight(count) - viewHeight) / (all - viewHeight);
  const top = index * ROW_HEIGHT;
  const least = top - Math.max(0, viewHeight - 2 * ROW_HEIGHT);
  const position = rowPosition(view);
  const wanted = Math.min(Math.max(position, least), top);
  return wanted === position ? scrollTop : Math.max(0, wanted * scale);
}
