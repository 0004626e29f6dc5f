import { Clipboard } from '@jupyterlab/apputils';
import { CommandIDs } from '../commands';
import type { Experiment } from '../mlflow/entities';
import { pythonString } from '../runs/snippets';
import type { ColumnChoice } from '../table/columnpicker';
import { columnEntries } from '../table/columnpicker';
import type { Connection, INotebookContext } from '../tokens';
import { askName } from '../ui/askname';
import type { MenuEntry } from '../ui/menu';
import { nothingToChoose } from '../ui/menu';
import { connectionEntries } from './connectionmenu';
import type { PanelParts } from './parts';
import { placeOf } from './places';

const MOST_EXPERIMENTS = 10;

/** Entries of the menu that chooses whose runs are shown. */
export async function scopeEntries(
  parts: PanelParts
): Promise<readonly MenuEntry[]> {
  const { model, options } = parts;
  const { trans } = options;
  const { scope, session } = model;
  const found = session ? await parts.experiments.list(session) : [];
  const isOf = (id: string): boolean =>
    scope.kind === 'experiment' && scope.experimentId === id;
  return [
    {
      label: trans.__('This notebook'),
      isToggled: scope.kind === 'notebook',
      run: () => model.setScope({ kind: 'notebook' })
    },
    {
      label: trans.__('All experiments'),
      isToggled: scope.kind === 'all',
      run: () => model.setScope({ kind: 'all' })
    },
    'separator',
    ...found.slice(0, MOST_EXPERIMENTS).map(({ experimentId, name }) => ({
      label: trans.__('Experiment: %1', name),
      isToggled: isOf(experimentId),
      run: () => model.setScope({ kind: 'experiment', experimentId, name })
    })),
    'separator',
    {
      label: trans.__('New experiment…'),
      isEnabled: session !== null,
      run: () => void makeExperiment(parts)
    }
  ];
}

async function makeExperiment(parts: PanelParts): Promise<void> {
  const { model } = parts;
  const name = await askExperiment(parts);
  if (name && model.session) {
    const experimentId = await model.session.client.createExperiment(name);
    model.setScope({ kind: 'experiment', experimentId, name });
  }
}

function askExperiment(parts: PanelParts): Promise<string | null> {
  const { trans } = parts.options;
  return askName(
    {
      title: trans.__('New experiment'),
      label: trans.__('Name'),
      okLabel: trans.__('Create')
    },
    trans
  );
}

async function logToNewExperiment(
  parts: PanelParts,
  notebook: INotebookContext
): Promise<void> {
  const name = await askExperiment(parts);
  if (name) {
    await notebook.chooseExperiment(name);
  }
}

function experimentEntries(
  parts: PanelParts,
  notebook: INotebookContext,
  found: readonly Experiment[]
): readonly MenuEntry[] {
  const { trans } = parts.options;
  const current = notebook.kernel?.experimentName;
  return [
    ...found.slice(0, MOST_EXPERIMENTS).map(({ name }) => ({
      label: name,
      isToggled: name === current,
      run: () => void notebook.chooseExperiment(name)
    })),
    ...(found.length === 0 ? [nothingToChoose(trans)] : []),
    'separator',
    {
      label: trans.__('New experiment…'),
      run: () => void logToNewExperiment(parts, notebook)
    }
  ];
}

function notebookEntries(
  parts: PanelParts,
  notebook: INotebookContext,
  found: readonly Experiment[]
): readonly MenuEntry[] {
  const { trans } = parts.options;
  const { kernel } = notebook;
  const name = kernel?.experimentName ?? notebook.name;
  const code = `mlflow.set_experiment(${pythonString(name)})`;
  return [
    {
      label: trans.__('Log this notebook’s runs to'),
      entries: experimentEntries(parts, notebook, found)
    },
    { label: trans.__('Connection'), entries: connectionEntries(parts) },
    {
      label: trans.__('Autologging in this kernel'),
      isToggled: kernel?.isAutologging ?? false,
      isEnabled: kernel !== null && kernel.hasMlflow !== false,
      run: () => void notebook.setAutologging(!kernel?.isAutologging)
    },
    {
      label: trans.__('Insert %1', 'mlflow.set_experiment(…)'),
      run: () => notebook.insertCode(`import mlflow\n\n${code}`)
    }
  ];
}

/** The command with which MLflow's own page shows a local store, or null. */
export function uiCommand(connection: Connection): string | null {
  const place = placeOf(connection);
  switch (connection.scheme) {
    case 'file':
      return `mlflow ui --backend-store-uri ./${place}`;
    case 'sqlite':
      return `mlflow ui --backend-store-uri sqlite:///${place}`;
    default:
      return null;
  }
}

function pageEntries(
  parts: PanelParts,
  connection: Connection
): readonly MenuEntry[] {
  const { trans } = parts.options;
  const { pageUrl } = connection;
  if (pageUrl) {
    const run = (): void => void window.open(pageUrl, '_blank', 'noopener');
    return [{ label: trans.__('Open in MLflow'), run }];
  }
  const command = uiCommand(connection);
  const label = trans.__('Copy the %1 command', 'mlflow ui');
  return command ? [{ label, run: () => copyText(command) }] : [];
}

/** Entries of the menu of the line that says where runs go. */
export async function whereEntries(
  parts: PanelParts
): Promise<readonly MenuEntry[]> {
  const { model, options } = parts;
  const { trans, addressOf } = options;
  const { notebook, session } = model;
  const [found] = await Promise.all([
    session ? parts.experiments.list(session) : [],
    parts.connections.look()
  ]);
  const connection = session?.connection;
  return [
    ...(notebook
      ? notebookEntries(parts, notebook, found)
      : [{ label: trans.__('Connection'), entries: connectionEntries(parts) }]),
    'separator',
    {
      label: trans.__('Copy tracking URI'),
      isEnabled: connection !== undefined,
      run: () => connection && copyText(addressOf(connection.id))
    },
    ...(connection ? pageEntries(parts, connection) : [])
  ];
}

/** Put text on the clipboard. */
export function copyText(text: string): void {
  Clipboard.copyToSystem(text);
}

/** Entries of the menu “columns”. */
export function panelColumnEntries(parts: PanelParts): readonly MenuEntry[] {
  const { runs } = parts.model;
  const { choices, keys } = runs;
  const choice: ColumnChoice = {
    metrics: keys.metrics.map(({ key }) => key),
    params: keys.params.map(({ key }) => key),
    main: runs.mainMetric?.key ?? null,
    second: runs.secondMetric?.key ?? null,
    onMain: mainMetric => runs.setChoices({ ...choices, mainMetric }),
    onSecond: secondMetric => runs.setChoices({ ...choices, secondMetric })
  };
  return columnEntries(choice, parts.options.trans);
}

/** An entry that runs a command, where there is one. */
function commandEntry(
  parts: PanelParts,
  id: string,
  label: string
): readonly MenuEntry[] {
  const { commands } = parts.options;
  return commands.hasCommand(id)
    ? [
        {
          label,
          isEnabled: commands.isEnabled(id),
          run: () => void commands.execute(id)
        }
      ]
    : [];
}

/** Entries of the menu ⋯ of the toolbar. */
export function moreEntries(parts: PanelParts): readonly MenuEntry[] {
  const { model, options } = parts;
  const { trans } = options;
  return [
    ...commandEntry(parts, CommandIDs.openModels, trans.__('Models')),
    ...commandEntry(parts, CommandIDs.refresh, trans.__('Refresh')),
    {
      label: trans.__('Show deleted runs'),
      isToggled: model.isShowingDeleted,
      run: () => {
        model.isShowingDeleted = !model.isShowingDeleted;
      }
    },
    'separator',
    ...commandEntry(
      parts,
      CommandIDs.copyRows,
      trans.__('Copy rows as a table')
    ),
    ...commandEntry(
      parts,
      CommandIDs.insertExample,
      trans.__('Insert an example cell')
    )
  ];
}
