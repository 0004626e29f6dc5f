import type { CommandRegistry } from '@lumino/commands';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ShowCellArgs } from '../commands';
import { CommandIDs } from '../commands';
import { textAt } from '../runtable/runtable';
import type { INotebookContext, ITracking } from '../tokens';
import type { IOpenNotebooks } from './notebookruns';

/** A first run to try, as a cell. */
export const EXAMPLE_CELL = [
  '%%run example',
  'import mlflow, time',
  '',
  'for step in range(50):',
  '    time.sleep(0.05)',
  '    mlflow.log_metric("loss", 1 / (step + 1), step=step)'
].join('\n');

export type NotebookCommandOptions = Readonly<{
  notebooks: IOpenNotebooks;
  tracking: ITracking;
  trans: TranslationBundle;
}>;

/** Add the commands that act on a notebook's cells. */
export function addNotebookCommands(
  commands: CommandRegistry,
  options: NotebookCommandOptions
): void {
  const { notebooks, trans } = options;
  commands.addCommand(CommandIDs.insertExample, {
    label: trans.__('Insert an Example Cell'),
    caption: trans.__('Insert a cell that makes a run, below the active cell'),
    isEnabled: () => notebooks.current !== null,
    describedBy: { args: { type: 'object', properties: {} } },
    execute: () => {
      notebooks.current?.insertCode(EXAMPLE_CELL);
      notebooks.current?.focus();
    }
  });
  commands.addCommand(CommandIDs.showCell, {
    label: trans.__('Show Cell'),
    caption: trans.__('Show the cell that made the run'),
    isEnabled: () => notebooks.all.length > 0,
    describedBy: {
      args: {
        type: 'object',
        properties: { runId: { type: 'string' }, cellId: { type: 'string' } }
      }
    },
    execute: args => showCell(args as ShowCellArgs, options)
  });
}

/** Show a cell by its id, or the cell of a run; false if it is gone. */
function showCell(
  { runId, cellId }: ShowCellArgs,
  { notebooks, tracking }: NotebookCommandOptions
): boolean {
  const wanted = cellId ?? (runId && cellOf(runId, notebooks.all, tracking));
  if (!wanted) {
    return false;
  }
  // A copied notebook has cells of the same ids: the one in use comes first.
  const { current, all } = notebooks;
  const candidates = current ? [current, ...all] : all;
  const found = candidates.find(notebook => notebook.hasCell(wanted));
  return found?.showCell(wanted) ?? false;
}

/** Cell of a run of the open notebooks, as far as their runs are known. */
function cellOf(
  runId: string,
  notebooks: readonly INotebookContext[],
  tracking: ITracking
): string | null {
  for (const { connectionId, notebookId: id, path } of notebooks) {
    const session = tracking.sessionOf(connectionId);
    const view = session?.openView({ notebook: { id, path } });
    const row = view?.table.rows.get(runId);
    const cellIds = view?.table.columns.get('cell_id');
    view?.dispose();
    if (row !== undefined) {
      return textAt(cellIds, row);
    }
  }
  return null;
}
