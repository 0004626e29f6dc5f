import type { MarkStatus } from '../ui/statusmark';

/** A column of the grid; widths are pixels, null takes the rest. */
export type GridColumn = Readonly<{
  /** `name`, `changed`, `when`, `took`, or a column of runs such as `metrics.loss`. */
  id: string;
  label: string;
  title: string;
  width: number | null;
  isRight: boolean;
  /** Which values are better; null where none is. */
  better: 'higher' | 'lower' | null;
  sorted: 'ascending' | 'descending' | null;
}>;

/** One value as it is drawn. */
export type GridCell =
  | Readonly<{ kind: 'text'; text: string; title: string }>
  | Readonly<{
      kind: 'metric';
      text: string;
      title: string;
      isBest: boolean;
      /** Tinted for a moment: it changed just now. */
      isFresh: boolean;
      /** Values of the curve, or null where none is drawn. */
      curve: readonly number[] | null;
      isLive: boolean;
    }>
  | Readonly<{
      kind: 'changed';
      /** Is cut when it is narrow; the value never. */
      key: string;
      value: string;
      more: string;
      title: string;
    }>;

/** A row as it is drawn. */
export type GridRow = Readonly<{
  runId: string;
  name: string;
  /** What a screen reader says, once a row; begins with the name. */
  label: string;
  title: string;
  status: MarkStatus;
  statusLabel: string;
  depth: number;
  fold: 'open' | 'closed' | null;
  chip: string | null;
  chipTitle: string;
  /** Share of the time that the run before it took, 0 to 1, or null. */
  progress: number | null;
  isChecked: boolean;
  cells: ReadonlyMap<string, GridCell>;
}>;

/** The rows of a grid; each is made when it is drawn. */
export interface IGridRows {
  readonly count: number;
  at(index: number): GridRow;
  /** Run id of a row, without making the row. */
  idAt(index: number): string;
}

/** What a person does to the grid. */
export interface IGridHandlers {
  /** The active row now: keys can be quicker than the drawing. */
  activeIndex(): number;
  onSort(columnId: string): void;
  onTurn(columnId: string): void;
  onPick(index: number, how: 'only' | 'add' | 'span'): void;
  onOpen(index: number): void;
  onCheck(index: number): void;
  onCheckAll(): void;
  /** A context menu opens on a row. */
  onContext(index: number): void;
  onFold(index: number, isOpen: boolean): void;
  onRegister(index: number): void;
  onEscape(): void;
  /** Other rows are seen; `end` is one past the last. */
  onWindow(first: number, end: number, scrollTop: number): void;
  /** Rows are hovered, focused or scrolled away: they have to stay in place. */
  onHold(isHeld: boolean): void;
  /** Show the runs that wait above. */
  onShowPending(): void;
}
