import * as React from 'react';
import type { GridCell } from './rows';
import { Sparkline } from './sparkline';

function MetricCell(props: {
  cell: Extract<GridCell, { kind: 'metric' }>;
  hasCurve: boolean;
}): React.ReactElement {
  const { cell, hasCurve } = props;
  const classes = ['jp-Experiments-number'];
  if (cell.isBest) {
    classes.push('jp-mod-best');
  }
  if (cell.isFresh) {
    classes.push('jp-mod-fresh');
  }
  return (
    <>
      {hasCurve && <Sparkline values={cell.curve} isLive={cell.isLive} />}
      <span
        // A number that changes is drawn anew, so that its tint begins again.
        key={cell.isFresh ? cell.text : undefined}
        className={classes.join(' ')}
        title={cell.title}
      >
        {cell.text}
      </span>
    </>
  );
}

function ChangedCell(props: {
  cell: Extract<GridCell, { kind: 'changed' }>;
}): React.ReactElement {
  const { key, value, more, title } = props.cell;
  return (
    <span className="jp-Experiments-changed" title={title}>
      <span className="jp-Experiments-changedMain">
        <span className="jp-Experiments-changedKey">{key}</span>
        {value && <span className="jp-Experiments-changedValue">{value}</span>}
      </span>
      {more && <span className="jp-Experiments-muted">{more}</span>}
    </span>
  );
}

/** What stands in one place of a row. */
export function CellContent(props: {
  cell: GridCell | undefined;
  hasCurve: boolean;
}): React.ReactElement {
  const { cell } = props;
  if (!cell) {
    return <span className="jp-Experiments-muted">–</span>;
  }
  if (cell.kind === 'metric') {
    return <MetricCell cell={cell} hasCurve={props.hasCurve} />;
  }
  if (cell.kind === 'changed') {
    return <ChangedCell cell={cell} />;
  }
  return (
    <span className="jp-Experiments-cellText" title={cell.title}>
      {cell.text}
    </span>
  );
}
