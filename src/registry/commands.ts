import type { ILayoutRestorer, JupyterFrontEnd } from '@jupyterlab/application';
import type { ICommandPalette, MainAreaWidget } from '@jupyterlab/apputils';
import type { ReadonlyJSONObject } from '@lumino/coreutils';
import { WidgetTracker } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Widget } from '@lumino/widgets';
import type {
  OpenModelArgs,
  OpenRunArgs,
  RegisterModelArgs
} from '../commands';
import { CommandIDs } from '../commands';
import type { INotebookRuns, ISession, ITracking } from '../tokens';
import { registerIcon } from '../ui/icons';
import type { ModelsWidget } from './modelspage';
import type { RegisterCommand } from './registermodel';
import type { ReadArtifact } from './registrar';

/** What the commands of the registry are made of. */
export type RegistryDesk = Readonly<{
  app: JupyterFrontEnd;
  tracking: ITracking;
  notebooks: INotebookRuns | null;
  trans: TranslationBundle;
  palette: ICommandPalette | null;
  /** Shows a widget as a tab beside the notebook. */
  place: (widget: Widget) => void;
  restorer: ILayoutRestorer | null;
  readArtifact: ReadArtifact;
}>;

/** A tab of registered models, and of which connection it is. */
type ModelsTab = MainAreaWidget<ModelsWidget>;

/** Add “Register model”, “Open model” and “Open models”. */
export function addRegistryCommands(desk: RegistryDesk): void {
  addRegister(desk);
  addModels(desk);
}

function addRegister(desk: RegistryDesk): void {
  const { app, trans, palette } = desk;
  let command: Promise<RegisterCommand> | null = null;
  // Its chunk is fetched when it is first asked for.
  const load = (): Promise<RegisterCommand> =>
    (command ??= import('./registermodel').then(
      ({ RegisterCommand }) => new RegisterCommand(desk)
    ));
  app.commands.addCommand(CommandIDs.registerModel, {
    label: trans.__('Register model'),
    icon: registerIcon,
    describedBy: described({
      runId: trans.__('Run whose model is registered; the selected one.'),
      connectionId: trans.__('Connection of the run; the open one.'),
      name: trans.__('Register under this name at once, without a dialog.'),
      alias: trans.__('Point this alias at the new version.'),
      modelId: trans.__('Which logged model, where the run has several.')
    }),
    isEnabled: args => runIdOf(app, args) !== null,
    execute: async args => {
      const runId = runIdOf(app, args) ?? undefined;
      return (await load()).execute({ ...(args as RegisterModelArgs), runId });
    }
  });
  palette?.addItem({
    command: CommandIDs.registerModel,
    category: trans.__('Experiments')
  });
}

/** Arguments of a command for tools that show them; all are texts. */
function described(texts: Readonly<Record<string, string>>): {
  args: ReadonlyJSONObject;
} {
  const properties = Object.fromEntries(
    Object.entries(texts).map(([name, description]) => [
      name,
      { type: 'string', description }
    ])
  );
  return { args: { type: 'object', properties } };
}

/** The run a command is for: its argument, else the panel's selected row. */
function runIdOf(
  app: JupyterFrontEnd,
  args: Readonly<{ runId?: unknown }>
): string | null {
  if (typeof args.runId === 'string') {
    return args.runId;
  }
  for (const widget of app.shell.widgets('right')) {
    if (widget.id === 'experiments-panel') {
      const row = widget.node.querySelector<HTMLElement>(
        '[role="row"][data-run-id][aria-selected="true"]'
      );
      return row?.dataset.runId ?? null;
    }
  }
  return null;
}

function addModels(desk: RegistryDesk): void {
  const { app, trans, palette, restorer } = desk;
  const tabs = new WidgetTracker<ModelsTab>({
    namespace: 'experiments-models'
  });
  const connectionId = trans.__('Connection of the registry; the open one.');
  const open = (args: Partial<OpenModelArgs>): Promise<ModelsTab | null> =>
    openTab(desk, tabs, args);
  app.commands.addCommand(CommandIDs.openModels, {
    label: trans.__('Registered Models'),
    icon: registerIcon,
    describedBy: described({ connectionId }),
    isEnabled: () => desk.tracking.session !== null,
    execute: args => open({ connectionId: textOf(args.connectionId) })
  });
  app.commands.addCommand(CommandIDs.openModel, {
    label: trans.__('Open Registered Model'),
    describedBy: described({
      connectionId,
      name: trans.__('Name of the registered model.')
    }),
    isEnabled: () => desk.tracking.session !== null,
    execute: args =>
      open({
        connectionId: textOf(args.connectionId),
        name: textOf(args.name)
      })
  });
  palette?.addItem({
    command: CommandIDs.openModels,
    category: trans.__('Experiments')
  });
  if (restorer) {
    void restorer.restore(tabs, {
      command: CommandIDs.openModels,
      name: tab => tab.id
    });
  }
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

/** The tab of a connection's models, made if need be, at a model's versions. */
async function openTab(
  desk: RegistryDesk,
  tabs: WidgetTracker<ModelsTab>,
  args: Partial<OpenModelArgs>
): Promise<ModelsTab | null> {
  const { tracking } = desk;
  const session = args.connectionId
    ? tracking.sessionOf(args.connectionId)
    : tracking.session;
  if (!session) {
    return null;
  }
  const known = tabs.find(tab => tab.content.model.session === session);
  const tab = known ?? (await makeTab(desk, session));
  if (!known) {
    await tabs.add(tab);
  }
  desk.place(tab);
  if (args.name !== undefined) {
    void tab.content.model.open(args.name);
  }
  return tab;
}

async function makeTab(
  desk: RegistryDesk,
  session: ISession
): Promise<ModelsTab> {
  const { app, trans } = desk;
  const { connection } = session;
  const { makeModelsTab } = await import('./modelstab');
  return makeModelsTab({
    session,
    trans,
    openRun: runId => {
      const args = { runId, connectionId: connection.id };
      void app.commands.execute(CommandIDs.openRun, args satisfies OpenRunArgs);
    },
    showRuns: () => void app.commands.execute(CommandIDs.openPanel)
  });
}
