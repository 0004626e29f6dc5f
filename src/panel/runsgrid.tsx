import * as React from 'react';
import { CommandIDs } from '../commands';
import type { RunId } from '../mlflow/entities';
import { isRunning } from '../runs/celltext';
import type { IGridHandlers } from '../table/rows';
import { RunsTable } from '../table/table';
import type { PanelWidth } from './gridcolumns';
import { gridColumns, sortColumnOf } from './gridcolumns';
import { PanelRows } from './gridrows';
import type { PanelParts } from './parts';

/** Check everything between two rows, both included. */
function checkSpan(parts: PanelParts, from: number, to: number): void {
  const { runs } = parts.model;
  const [first, last] = from < to ? [from, to] : [to, from];
  const between: RunId[] = [];
  for (let index = Math.max(0, first); index <= last; index++) {
    between.push(runs.rowAt(index).runId);
  }
  runs.checked.add(between);
}

function pick(
  parts: PanelParts,
  index: number,
  how: 'only' | 'add' | 'span'
): void {
  const { model } = parts;
  const { runs, activeId } = model;
  const { runId } = runs.rowAt(index);
  if (how === 'span') {
    const from = activeId === null ? index : runs.indexOf(activeId);
    checkSpan(parts, from, index);
    model.activate(runId);
  } else if (how === 'add') {
    if (runs.checked.size === 0 && activeId !== null && activeId !== runId) {
      runs.checked.add([activeId]);
    }
    runs.checked.toggle(runId);
    model.activate(runId);
  } else {
    model.showDetails(runId);
  }
}

/** Escape: the filter, then the checks, then the details, then the notebook. */
export function escape(parts: PanelParts): void {
  const { model } = parts;
  const { runs } = model;
  if (runs.filterText || parts.isFilterOpen) {
    parts.closeFilter();
  } else if (runs.checked.size > 0) {
    runs.checked.clear();
  } else if (runs.selectedRunId !== null) {
    model.closeDetails();
  } else {
    model.notebook?.focus();
  }
}

/** Read the curves of finished rows that are seen. */
function wantCurves(parts: PanelParts): void {
  const { model, curves, seen } = parts;
  const { first, end } = seen;
  const { runs, session } = model;
  const key = runs.mainMetric?.key;
  if (!session || key === undefined || !model.isVisible) {
    return;
  }
  const runIds: RunId[] = [];
  for (let index = first; index < Math.min(end, runs.rowCount); index++) {
    const { runId, rowIndex, hasChildren } = runs.rowAt(index);
    // A running one's curve is not whole yet; a parent has none of its own.
    if (!hasChildren && !isRunning(runs.table, rowIndex)) {
      runIds.push(runId);
    }
  }
  void curves.want(session, runIds, key);
}

function handlersOf(parts: PanelParts): IGridHandlers {
  const { model, options } = parts;
  const { runs } = model;
  const { commands } = options;
  const idAt = (index: number): RunId => runs.rowAt(index).runId;
  return {
    onSort: columnId => {
      const column = sortColumnOf(columnId);
      if (column !== null) {
        runs.sortBy(column);
      }
    },
    onTurn: columnId => runs.turnDirection(columnId.slice('metrics.'.length)),
    onPick: (index, how) => pick(parts, index, how),
    onOpen: index =>
      void commands.execute(CommandIDs.openRun, { runId: idAt(index) }),
    onCheck: index => {
      model.activate(idAt(index));
      runs.checked.toggle(idAt(index));
    },
    onCheckAll: () =>
      runs.checked.size >= runs.matchCount
        ? runs.checked.clear()
        : runs.checked.set(runs.matchingIds()),
    onFold: (index, isOpen) => runs.setFolded(idAt(index), !isOpen),
    onRegister: index =>
      void commands.execute(CommandIDs.registerModel, { runId: idAt(index) }),
    onEscape: () => escape(parts),
    onWindow: (first, end, scrollTop) => {
      parts.scrollTop = scrollTop;
      parts.seen = { first, end };
      wantCurves(parts);
    },
    onHold: isHeld => {
      runs.holdTop = isHeld;
    },
    onContext: index => {
      const runId = idAt(index);
      if (!runs.checked.has(runId)) {
        runs.checked.clear();
      }
      model.activate(runId);
    },
    onShowPending: () => runs.showPending(),
    activeIndex: () =>
      model.activeId === null ? -1 : runs.indexOf(model.activeId)
  };
}

function checkedState(parts: PanelParts): 'none' | 'some' | 'all' {
  const { checked, matchCount } = parts.model.runs;
  if (checked.size === 0) {
    return 'none';
  }
  return checked.size >= matchCount ? 'all' : 'some';
}

/** The runs of the panel's scope. */
export function RunsGrid(props: {
  parts: PanelParts;
  width: PanelWidth;
  nowMs: number;
}): React.ReactElement {
  const { parts, width, nowMs } = props;
  const { model, options } = parts;
  const { runs, session } = model;
  const { trans } = options;
  const handlers = React.useMemo(() => handlersOf(parts), [parts]);
  const rows = new PanelRows({
    runs,
    session,
    curves: parts.curves,
    nowMs,
    hasTook: width === 'wide',
    isLeftOpen: runId => parts.leftOpen.has(runId),
    experimentName: id =>
      session && parts.experiments.nameOf(session.connection.id, id),
    trans
  });
  React.useEffect(
    () => wantCurves(parts),
    [runs.version, session, model.isVisible]
  );
  const isNested = runs.table.columns.get('parent_run_id');
  return (
    <RunsTable
      rows={rows}
      columns={gridColumns({ runs, width, trans })}
      active={handlers.activeIndex()}
      checked={checkedState(parts)}
      isNested={
        isNested?.kind === 'text' && isNested.codes.some(code => code >= 0)
      }
      scrollTop={parts.scrollTop}
      pending={runs.pendingCount}
      handlers={handlers}
      trans={trans}
    />
  );
}
