import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { GridColumn, IGridHandlers } from './rows';

type HeaderProps = Readonly<{
  columns: readonly GridColumn[];
  /** Checked among all that match: none, some, or all of them. */
  checked: 'none' | 'some' | 'all';
  handlers: IGridHandlers;
  trans: TranslationBundle;
}>;

function Direction(props: {
  column: GridColumn;
  handlers: IGridHandlers;
  trans: TranslationBundle;
}): React.ReactElement | null {
  const { column, handlers, trans } = props;
  if (!column.better) {
    return null;
  }
  const isHigher = column.better === 'higher';
  return (
    <button
      type="button"
      tabIndex={-1}
      className="jp-Experiments-direction"
      aria-hidden="true"
      title={
        isHigher
          ? trans.__('Higher is better. Click to turn.')
          : trans.__('Lower is better. Click to turn.')
      }
      onClick={event => {
        event.stopPropagation();
        handlers.onTurn(column.id);
      }}
    >
      {isHigher ? '↑' : '↓'}
    </button>
  );
}

function HeaderCell(props: {
  column: GridColumn;
  place: number;
  handlers: IGridHandlers;
  trans: TranslationBundle;
}): React.ReactElement {
  const { column, place, handlers } = props;
  const classes = ['jp-Experiments-headerCell'];
  if (column.isRight) {
    classes.push('jp-mod-right');
  }
  if (column.sorted) {
    classes.push('jp-mod-sorted');
  }
  return (
    <div
      role="columnheader"
      aria-label={column.label}
      aria-colindex={place + 2}
      aria-sort={column.sorted ?? 'none'}
      className={classes.join(' ')}
      title={column.title}
      onClick={() => handlers.onSort(column.id)}
    >
      <span className="jp-Experiments-headerLabel">{column.label}</span>
      <Direction {...props} />
    </div>
  );
}

/** The names of the columns; a click sorts, an arrow turns what is better. */
export function Header(props: HeaderProps): React.ReactElement {
  const { columns, checked, handlers, trans } = props;
  const box = React.useRef<HTMLInputElement>(null);
  React.useEffect(() => {
    if (box.current) {
      box.current.indeterminate = checked === 'some';
    }
  }, [checked]);
  return (
    <div
      role="row"
      aria-rowindex={1}
      className={`jp-Experiments-header${checked === 'none' ? '' : ' jp-mod-checking'}`}
    >
      <div
        role="columnheader"
        aria-label={trans.__('Checked')}
        aria-colindex={1}
        className="jp-Experiments-headerCell jp-mod-mark"
      >
        <input
          ref={box}
          type="checkbox"
          tabIndex={-1}
          className="jp-Experiments-check"
          aria-label={trans.__('Check all that match')}
          checked={checked === 'all'}
          onChange={() => handlers.onCheckAll()}
        />
      </div>
      {columns.map((column, place) => (
        <HeaderCell
          key={column.id}
          column={column}
          place={place}
          handlers={handlers}
          trans={trans}
        />
      ))}
    </div>
  );
}
