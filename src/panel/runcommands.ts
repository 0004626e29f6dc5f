import { Clipboard } from '@jupyterlab/apputils';
import type {
  InsertCodeArgs,
  OpenExperimentArgs,
  RunArgs,
  RunsArgs
} from '../commands';
import { CommandIDs } from '../commands';
import type { RunId } from '../mlflow/entities';
import { textAt } from '../runtable/runtable';
import type { ISession } from '../tokens';
import { runsOfCell } from './cellruns';
import { copiedTable, copyTable } from './copyrows';
import type { PanelParts } from './parts';
import { snippetCode } from './snippets';

function sessionOf(
  parts: PanelParts,
  connectionId: string | undefined
): ISession | null {
  return connectionId === undefined
    ? parts.model.session
    : parts.model.tracking.sessionOf(connectionId);
}

function oneOf(parts: PanelParts, args: RunArgs): RunId | null {
  return args.runId ?? parts.model.activeId ?? parts.model.targets()[0] ?? null;
}

async function withRun(
  parts: PanelParts,
  args: RunArgs,
  act: (session: ISession, runId: RunId) => Promise<void>
): Promise<void> {
  const session = sessionOf(parts, args.connectionId);
  const runId = oneOf(parts, args);
  if (session && runId !== null) {
    await act(session, runId);
    parts.focusGrid();
  }
}

async function withRuns(
  parts: PanelParts,
  args: RunsArgs & RunArgs,
  act: (session: ISession, runIds: readonly RunId[]) => Promise<void>
): Promise<void> {
  const session = sessionOf(parts, args.connectionId);
  const given = args.runIds ?? (args.runId ? [args.runId] : undefined);
  const runIds = parts.model.targets(given);
  if (session && runIds.length > 0) {
    await act(session, runIds);
    parts.focusGrid();
  }
}

/** Runs that go are neither checked nor active any more; the next row is. */
function leave(parts: PanelParts, gone: readonly RunId[]): void {
  const { model } = parts;
  const { runs, activeId } = model;
  runs.checked.set([...runs.checked.runIds].filter(id => !gone.includes(id)));
  if (activeId === null || !gone.includes(activeId)) {
    return;
  }
  const place = runs.indexOf(activeId);
  const stay = runs.rows.map(({ runId }) => runId);
  const next = [...stay.slice(place), ...stay.slice(0, place).reverse()];
  model.activate(next.find(runId => !gone.includes(runId)) ?? null);
}

async function compareWithBefore(
  parts: PanelParts,
  args: RunArgs
): Promise<void> {
  const runId = oneOf(parts, args);
  const before = runId === null ? null : parts.beforeOf(runId);
  if (runId !== null && before !== null) {
    await parts.options.commands.execute(CommandIDs.compareRuns, {
      runIds: [before, runId]
    });
  }
}

async function compareSelected(parts: PanelParts): Promise<void> {
  const runIds = parts.model.targets();
  if (runIds.length > 1) {
    await parts.options.commands.execute(CommandIDs.compareRuns, {
      runIds: [...runIds]
    });
  } else {
    await compareWithBefore(parts, {});
  }
}

async function insertCode(
  parts: PanelParts,
  args: InsertCodeArgs
): Promise<void> {
  const code = await snippetCode(parts.model, args.snippet, {
    session: sessionOf(parts, args.connectionId),
    runId: oneOf(parts, args)
  });
  const { notebook } = parts.model;
  if (code !== null && notebook) {
    notebook.insertCode(code);
    notebook.focus();
  } else if (code !== null) {
    Clipboard.copyToSystem(code);
  }
}

function showSelectedCell(parts: PanelParts): void {
  const runId = oneOf(parts, {});
  const { table } = parts.model.runs;
  const row = runId === null ? undefined : table.rows.get(runId);
  if (row !== undefined) {
    const cellId = textAt(table.columns.get('cell_id'), row) ?? undefined;
    void parts.options.commands.execute(CommandIDs.showCell, {
      runId,
      ...(cellId && { cellId })
    });
  }
}

async function openExperiment(
  parts: PanelParts,
  args: OpenExperimentArgs
): Promise<void> {
  const { experimentId, connectionId } = args;
  const session = sessionOf(parts, connectionId);
  const experiment = await session?.client.getExperiment(experimentId);
  const name = experiment?.name ?? experimentId;
  const on = connectionId === undefined ? {} : { connectionId };
  parts.model.setScope({ kind: 'experiment', experimentId, name, ...on });
}

async function selectLatest(parts: PanelParts): Promise<void> {
  const { model } = parts;
  const cellId = model.notebook?.activeCellId;
  const [runId] = cellId ? runsOfCell(model.runs.table, cellId) : [];
  if (runId) {
    await model.reveal(runId);
  }
}

async function compareCellRuns(parts: PanelParts): Promise<void> {
  const { model, options } = parts;
  const cellId = model.notebook?.activeCellId;
  const [last, before] = cellId ? runsOfCell(model.runs.table, cellId) : [];
  if (before) {
    const runIds = [before, last];
    await options.commands.execute(CommandIDs.compareRuns, { runIds });
  }
}

/** Interrupt the kernel that makes a run. */
async function stopRun(parts: PanelParts): Promise<void> {
  await parts.model.notebook?.interrupt();
}

function executeOnActive(parts: PanelParts, id: string): void {
  const runId = oneOf(parts, {});
  if (runId !== null) {
    void parts.options.commands.execute(id, { runId });
  }
}

type Action = (parts: PanelParts, args: never) => Promise<void> | void;

/** What each command of the panel does. */
export const RUN_COMMANDS: Readonly<Record<string, Action>> = {
  [CommandIDs.openExperiment]: openExperiment,
  [CommandIDs.selectRun]: (parts, args: RunArgs) =>
    args.runId ? parts.model.reveal(args.runId, args.connectionId) : undefined,
  [CommandIDs.renameRun]: (parts, args: RunArgs) =>
    withRun(parts, args, (on, runId) => parts.actions.rename(on, runId)),
  [CommandIDs.editNote]: (parts, args: RunArgs) =>
    withRun(parts, args, (on, runId) => parts.actions.editNote(on, runId)),
  [CommandIDs.editTags]: (parts, args: RunsArgs) =>
    withRuns(parts, args, (on, runIds) => parts.actions.editTags(on, runIds)),
  [CommandIDs.deleteRuns]: (parts, args: RunsArgs) =>
    withRuns(parts, args, (on, runIds) => {
      leave(parts, runIds);
      return parts.actions.remove(on, runIds);
    }),
  [CommandIDs.restoreRuns]: (parts, args: RunsArgs) =>
    withRuns(parts, args, (on, runIds) => parts.actions.restore(on, runIds)),
  [CommandIDs.copyRunId]: (parts, args: RunArgs) => {
    Clipboard.copyToSystem(oneOf(parts, args) ?? '');
  },
  [CommandIDs.copyRows]: (parts, args: RunsArgs) => {
    const { table } = parts.model.runs;
    const runIds = parts.model.targets(args.runIds);
    const wanted = runIds.length ? runIds : parts.model.runs.matchingIds();
    return copyTable(copiedTable(table, wanted));
  },
  [CommandIDs.insertCode]: insertCode,
  [CommandIDs.stopRun]: stopRun,
  [CommandIDs.filterRuns]: parts => parts.openFilter(),
  [CommandIDs.refresh]: async parts => {
    await parts.model.tracking.refresh();
    await parts.model.runs.view?.refresh();
  },
  [CommandIDs.latestRunOfCell]: selectLatest,
  [CommandIDs.compareCellRuns]: compareCellRuns,
  [CommandIDs.compareWithBefore]: compareWithBefore,
  [CommandIDs.openSelected]: parts =>
    executeOnActive(parts, CommandIDs.openRun),
  [CommandIDs.compareSelected]: compareSelected,
  [CommandIDs.showSelectedCell]: showSelectedCell,
  [CommandIDs.registerSelected]: parts =>
    executeOnActive(parts, CommandIDs.registerModel)
};
