import type { MainAreaWidget } from '@jupyterlab/apputils';
import type { OpenModelArgs, RegisterModelArgs } from '../commands';
import type { ISession } from '../tokens';
import type { ModelsWidget } from './modelswidget';
import { makeModelsTab } from './modelstab';
import type { RegisterDesk, RegisterResult } from './registermodel';
import { RegisterCommand } from './registermodel';

/** What the desk needs from the application. */
export type RegistryOptions = RegisterDesk &
  Readonly<{
    /** Shows a tab beside the notebook. */
    place: (tab: ModelsTab) => void;
    openRun: (runId: string, connectionId: string) => void;
    showRuns: () => void;
  }>;

/** A tab of registered models. */
export type ModelsTab = MainAreaWidget<ModelsWidget>;

/** Does what the commands of the registry say; fetched with the first one. */
export class RegistryDesk {
  constructor(private readonly _options: RegistryOptions) {
    this._register = new RegisterCommand(_options);
  }

  /** Null when there was nothing to register, or the person cancelled. */
  register(args: RegisterModelArgs): Promise<RegisterResult | null> {
    return this._register.execute(args);
  }

  /** The tab of a connection's models, made if need be; null without one. */
  openModels(args: Partial<OpenModelArgs>): ModelsTab | null {
    const { tracking, place } = this._options;
    const session = args.connectionId
      ? tracking.sessionOf(args.connectionId)
      : tracking.session;
    if (!session) {
      return null;
    }
    const tab = this._tabOf(session);
    place(tab);
    if (args.name !== undefined) {
      void tab.content.model.open(args.name);
    }
    return tab;
  }

  private _tabOf(session: ISession): ModelsTab {
    const known = this._tabs.get(session);
    if (known && !known.isDisposed) {
      return known;
    }
    const { trans, openRun, showRuns } = this._options;
    const { id } = session.connection;
    const tab = makeModelsTab({
      session,
      trans,
      openRun: runId => openRun(runId, id),
      showRuns
    });
    this._tabs.set(session, tab);
    return tab;
  }

  private readonly _register: RegisterCommand;
  private readonly _tabs = new Map<ISession, ModelsTab>();
}
