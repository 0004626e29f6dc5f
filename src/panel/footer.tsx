import * as React from 'react';
import { formatClock } from '../base/format';
import { textAt } from '../runtable/runtable';
import type { PanelParts } from './parts';

function counts(parts: PanelParts): string {
  const { runs } = parts.model;
  const { trans } = parts.options;
  const status = runs.table.columns.get('status');
  let running = 0;
  for (let row = 0; row < runs.table.rowCount; row++) {
    running += textAt(status, row) === 'RUNNING' ? 1 : 0;
  }
  const total = runs.table.rowCount;
  const all = trans._n('%1 run', '%1 runs', total);
  const some =
    runs.matchCount < total ? trans.__('%1 of %2', runs.matchCount, all) : all;
  return running > 0 ? `${some} · ${trans.__('%1 running', running)}` : some;
}

function freshness(parts: PanelParts): string {
  const { phase, asOfMs } = parts.model.runs.freshness;
  const { trans } = parts.options;
  if (asOfMs === null) {
    return phase === 'loading' ? trans.__('Updating…') : '';
  }
  const time = formatClock(asOfMs);
  return phase === 'stale' || phase === 'cached'
    ? trans.__('stale since %1', time)
    : trans.__('Updated %1', time);
}

/** How many runs, and how fresh they are. */
export function Footer(props: { parts: PanelParts }): React.ReactElement {
  const { parts } = props;
  return (
    <div className="jp-Experiments-footer">
      <span>{counts(parts)}</span>
      <span className="jp-Experiments-space" />
      <span title={parts.model.runs.freshness.error ?? undefined}>
        {freshness(parts)}
      </span>
    </div>
  );
}
