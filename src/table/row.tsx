import { caretDownIcon, caretRightIcon } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { Chip } from '../ui/chip';
import { registerIcon } from '../ui/icons';
import { StatusMark } from '../ui/statusmark';
import { CellContent } from './cell';
import type { GridColumn, GridRow, IGridHandlers } from './rows';

type RowProps = Readonly<{
  row: GridRow;
  index: number;
  top: number;
  columns: readonly GridColumn[];
  isActive: boolean;
  hasChecks: boolean;
  id: string;
  handlers: IGridHandlers;
  trans: TranslationBundle;
}>;

function MarkCell(props: RowProps): React.ReactElement {
  const { row, index, handlers, trans } = props;
  return (
    <div
      role="gridcell"
      aria-colindex={1}
      className="jp-Experiments-cell jp-mod-mark"
      onClick={event => {
        event.stopPropagation();
        handlers.onCheck(index);
      }}
    >
      <StatusMark status={row.status} label={row.statusLabel} />
      <input
        type="checkbox"
        tabIndex={-1}
        className="jp-Experiments-check"
        checked={row.isChecked}
        aria-label={trans.__('Check %1', row.name)}
        readOnly
      />
    </div>
  );
}

function Caret(props: RowProps): React.ReactElement | null {
  const { row, index, handlers, trans } = props;
  if (!row.fold) {
    return null;
  }
  const isOpen = row.fold === 'open';
  const Icon = isOpen ? caretDownIcon : caretRightIcon;
  return (
    <button
      type="button"
      tabIndex={-1}
      className="jp-Experiments-caret"
      aria-label={isOpen ? trans.__('Fold') : trans.__('Unfold')}
      onClick={event => {
        event.stopPropagation();
        handlers.onFold(index, !isOpen);
      }}
    >
      <Icon.react tag="span" width="16px" height="16px" />
    </button>
  );
}

function NameCell(props: RowProps): React.ReactElement {
  const { row, index, handlers, trans } = props;
  const title = trans.__('Register model');
  return (
    <div
      role="gridcell"
      aria-colindex={2}
      className="jp-Experiments-cell jp-mod-name"
      style={{ paddingLeft: 4 + row.depth * 14 }}
      title={row.title}
    >
      <Caret {...props} />
      <span className="jp-Experiments-name">{row.name}</span>
      {row.chip && <Chip text={row.chip} title={row.chipTitle} />}
      <button
        type="button"
        tabIndex={-1}
        className="jp-Experiments-rowAction"
        title={title}
        aria-label={title}
        onClick={event => {
          event.stopPropagation();
          handlers.onRegister(index);
        }}
      >
        <registerIcon.react tag="span" width="14px" height="14px" />
      </button>
    </div>
  );
}

function classesOf(props: RowProps): string {
  const classes = ['jp-Experiments-row', `jp-mod-${props.row.status}`];
  if (props.isActive) {
    classes.push('jp-mod-active');
  }
  if (props.row.isChecked) {
    classes.push('jp-mod-checked');
  }
  if (props.hasChecks) {
    classes.push('jp-mod-checking');
  }
  return classes.join(' ');
}

function howOf(event: React.MouseEvent): 'only' | 'add' | 'span' {
  if (event.shiftKey) {
    return 'span';
  }
  return event.ctrlKey || event.metaKey ? 'add' : 'only';
}

/** One run. */
export function Row(props: RowProps): React.ReactElement {
  const { row, index, top, columns, isActive, handlers } = props;
  const firstMetric = columns.find(column => column.id.startsWith('metrics.'));
  return (
    <div
      role="row"
      id={props.id}
      data-run-id={row.runId}
      aria-rowindex={index + 2}
      aria-label={row.label}
      aria-selected={row.isChecked || isActive}
      aria-level={row.depth + 1}
      aria-expanded={row.fold ? row.fold === 'open' : undefined}
      className={classesOf(props)}
      style={{ top }}
      onClick={event => handlers.onPick(index, howOf(event))}
      onDoubleClick={() => handlers.onOpen(index)}
      onContextMenu={() => handlers.onContext(index)}
    >
      <MarkCell {...props} />
      {columns.map((column, place) =>
        column.id === 'name' ? (
          <NameCell key={column.id} {...props} />
        ) : (
          <div
            key={column.id}
            role="gridcell"
            aria-colindex={place + 2}
            className={`jp-Experiments-cell${column.isRight ? ' jp-mod-right' : ''}`}
          >
            <CellContent
              cell={row.cells.get(column.id)}
              hasCurve={column === firstMetric}
            />
          </div>
        )
      )}
      {row.progress !== null && (
        <span
          className="jp-Experiments-progress"
          style={{ width: `${Math.round(row.progress * 100)}%` }}
        />
      )}
    </div>
  );
}
