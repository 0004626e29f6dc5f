import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { Header } from './header';
import type { GridMove, GridPlace } from './keys';
import { gridMove } from './keys';
import { Row } from './row';
import type { GridColumn, IGridHandlers, IGridRows } from './rows';
import type { GridScroll } from './usescroll';
import { useGridScroll } from './usescroll';
import { ROW_HEIGHT } from './window';

export type RunsTableProps = Readonly<{
  rows: IGridRows;
  columns: readonly GridColumn[];
  /** Row that the keyboard acts on, -1 for none. */
  active: number;
  checked: 'none' | 'some' | 'all';
  isNested: boolean;
  scrollTop: number;
  /** Runs that wait above for the rows to be let go. */
  pending: number;
  handlers: IGridHandlers;
  trans: TranslationBundle;
}>;

const COLUMNS = '--jp-experiments-columns';

function template(columns: readonly GridColumn[]): string {
  const widths = columns.map(({ width }) =>
    width === null ? 'minmax(0, 1fr)' : `${width}px`
  );
  return ['24px', ...widths].join(' ');
}

function parentOf(rows: IGridRows, index: number): number {
  const { depth } = rows.at(index);
  for (let above = index - 1; above >= 0; above--) {
    if (rows.at(above).depth < depth) {
      return above;
    }
  }
  return index;
}

function act(move: GridMove, props: RunsTableProps): void {
  const { rows, handlers } = props;
  const active = handlers.activeIndex();
  if (move.kind === 'go') {
    handlers.onPick(move.to, move.isSpan ? 'span' : 'only');
  } else if (move.kind === 'checkAll') {
    handlers.onCheckAll();
  } else if (move.kind === 'escape') {
    handlers.onEscape();
  } else if (active >= 0) {
    actOnRow(move);
  }
  function actOnRow(onRow: GridMove): void {
    if (onRow.kind === 'fold') {
      handlers.onFold(active, onRow.isOpen);
    } else if (onRow.kind === 'parent') {
      handlers.onPick(parentOf(rows, active), 'only');
    } else if (onRow.kind === 'check') {
      handlers.onCheck(active);
    } else {
      handlers.onOpen(active);
    }
  }
}

/** The active row, though it is scrolled away: focus never gets lost. */
function drawn(scroll: GridScroll, active: number, count: number): number[] {
  const { first, end } = scroll.window;
  const indices = Array.from({ length: end - first }, (_, at) => first + at);
  const isAway = active < first || active >= end;
  return isAway && active >= 0 && active < count
    ? [...indices, active]
    : indices;
}

function placeOf(props: RunsTableProps, viewHeight: number): GridPlace {
  const { rows, handlers } = props;
  const active = handlers.activeIndex();
  const row = active >= 0 && active < rows.count ? rows.at(active) : null;
  return {
    active,
    count: rows.count,
    page: Math.max(1, Math.floor(viewHeight / ROW_HEIGHT) - 2),
    depth: row?.depth ?? 0,
    fold: row?.fold ?? null
  };
}

function useKeys(
  props: RunsTableProps,
  scroll: GridScroll
): (event: React.KeyboardEvent) => void {
  return event => {
    const move = gridMove(
      {
        key: event.key,
        isShift: event.shiftKey,
        isAccel: event.ctrlKey || event.metaKey,
        isAlt: event.altKey
      },
      placeOf(props, scroll.viewHeight)
    );
    if (move) {
      event.preventDefault();
      event.stopPropagation();
      act(move, props);
    }
  };
}

function Pill(props: {
  count: number;
  onClick: () => void;
  trans: TranslationBundle;
}): React.ReactElement | null {
  const { count, trans } = props;
  return count === 0 ? null : (
    <button
      type="button"
      className="jp-Experiments-pill"
      onClick={props.onClick}
    >
      {trans._n('%1 new run ↑', '%1 new runs ↑', count)}
    </button>
  );
}

function Rows(
  props: RunsTableProps & Readonly<{ scroll: GridScroll; base: string }>
): React.ReactElement {
  const { rows, columns, active, handlers, trans, scroll, base } = props;
  const { first, shift } = scroll.window;
  return (
    <>
      {drawn(scroll, active, rows.count).map(index => {
        const row = rows.at(index);
        return (
          <Row
            key={row.runId}
            row={row}
            index={index}
            top={(index - first + 1) * ROW_HEIGHT - shift}
            columns={columns}
            isActive={index === active}
            hasChecks={props.checked !== 'none'}
            id={`${base}-${row.runId}`}
            handlers={handlers}
            trans={trans}
          />
        );
      })}
    </>
  );
}

/** The grid of runs: header, the rows that are seen, one tab stop. */
export function RunsTable(props: RunsTableProps): React.ReactElement {
  const { rows, columns, active, handlers, trans } = props;
  const scroll = useGridScroll(rows, props.scrollTop, handlers);
  const base = React.useId();
  const activeRow = active >= 0 && active < rows.count ? rows.at(active) : null;
  const onKeyDown = useKeys(props, scroll);
  const activeId = activeRow?.runId;
  React.useEffect(() => {
    if (active >= 0) {
      scroll.toRow(active);
    }
    // Only a new active row scrolls to itself, not each row that arrives.
  }, [activeId]);
  const style = { [COLUMNS]: template(columns) } as React.CSSProperties;
  return (
    <div
      className="jp-Experiments-gridFrame"
      onMouseEnter={() => scroll.hold({ isHovered: true })}
      onMouseLeave={() => scroll.hold({ isHovered: false })}
    >
      <div
        ref={scroll.ref}
        role={props.isNested ? 'treegrid' : 'grid'}
        className="jp-Experiments-grid"
        tabIndex={0}
        aria-label={trans.__('Runs')}
        aria-rowcount={rows.count + 1}
        aria-colcount={columns.length + 1}
        aria-multiselectable="true"
        aria-activedescendant={activeId && `${base}-${activeId}`}
        style={style}
        onScroll={scroll.onScroll}
        onKeyDown={onKeyDown}
        onFocus={() => scroll.hold({ isFocused: true })}
        onBlur={() => scroll.hold({ isFocused: false })}
      >
        <div
          role="presentation"
          className="jp-Experiments-gridSpacer"
          style={{ height: scroll.height }}
        >
          <div
            role="presentation"
            className="jp-Experiments-gridWindow"
            style={{ height: scroll.viewHeight || undefined }}
          >
            <Header
              columns={columns}
              checked={props.checked}
              handlers={handlers}
              trans={trans}
            />
            <Rows {...props} scroll={scroll} base={base} />
          </div>
        </div>
      </div>
      <Pill
        count={props.pending}
        onClick={() => {
          handlers.onShowPending();
          scroll.toTop();
        }}
        trans={trans}
      />
    </div>
  );
}
