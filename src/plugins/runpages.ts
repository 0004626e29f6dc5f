import { MainAreaWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { Widget } from '@lumino/widgets';
import type { CompareRunsArgs, OpenRunArgs } from '../commands';
import { CommandIDs } from '../commands';
import type { ComparePageWidget } from '../compare/page';
import { TagKeys, tagValue } from '../mlflow/tags';
import type { Run, RunId } from '../mlflow/entities';
import type { RunActions } from '../run/actions';
import type { RunPageWidget } from '../run/page';
import type { IChoices } from '../runs/choices';
import type { INotebookRuns, ISession, ITracking } from '../tokens';
import { askName } from '../ui/askname';
import { compareIcon, flaskIcon } from '../ui/icons';
import type { Place } from './placing';
import { placeTab } from './placing';
import { PreviewTab } from './previewtab';

/** What the pages are made with. */
export type PagesDesk = Readonly<{
  tracking: ITracking;
  notebooks: INotebookRuns | null;
  choices: IChoices | null;
  trans: TranslationBundle;
  place: () => Place;
}>;

type RunTab = MainAreaWidget<RunPageWidget>;
type CompareTab = MainAreaWidget<ComparePageWidget>;

let tabCount = 0;

/** The tabs of runs and of the comparison. */
export class Pages {
  constructor(private readonly _desk: PagesDesk) {}

  /** Open a run's page: its own tab, else the preview tab. */
  async openRun(args: OpenRunArgs): Promise<void> {
    const session = this._session(args.connectionId);
    if (!session) {
      return;
    }
    const known = this._tabOf(session, args.runId);
    const tab = known ?? (await this._previewOf(session, args.runId));
    this._show(tab, args.runId);
  }

  /** Open the comparison, one tab that is used again. */
  async compareRuns(args: CompareRunsArgs): Promise<void> {
    const asked =
      args.runs ?? (args.runIds ?? []).map(runId => ({ runId }) as const);
    const compared = asked.flatMap(run => {
      const id = 'connectionId' in run ? run.connectionId : undefined;
      const session = this._session(id ?? args.connectionId);
      return session ? [{ runId: run.runId, session }] : [];
    });
    const tab = await this._compareTab();
    placeTab(this._desk.place(), tab);
    await tab.content.model.open(compared);
  }

  private _session(connectionId: string | undefined): ISession | null {
    const { tracking } = this._desk;
    return connectionId ? tracking.sessionOf(connectionId) : tracking.session;
  }

  /** A kept tab, or the preview tab, that shows the run already. */
  private _tabOf(session: ISession, runId: RunId): RunTab | null {
    this._tabs = this._tabs.filter(tab => !tab.isDisposed);
    const shows = ({ content }: RunTab): boolean =>
      content.model.session === session && content.model.runId === runId;
    return this._tabs.find(shows) ?? null;
  }

  private async _previewOf(session: ISession, runId: RunId): Promise<RunTab> {
    const preview = this._preview.tab;
    if (preview?.content.model.session === session) {
      void preview.content.model.open(runId);
      return preview;
    }
    preview?.dispose();
    return this._makeRunTab(session, runId);
  }

  private async _makeRunTab(session: ISession, runId: RunId): Promise<RunTab> {
    const { choices, trans } = this._desk;
    const { RunPageWidget } = await import('../run/page');
    const actions = this._actions(session);
    const content = new RunPageWidget({
      session,
      runId,
      choices,
      actions,
      trans
    });
    const tab = makeTab(content, `experiments-run-${tabCount++}`);
    tab.title.icon = flaskIcon;
    content.model.changed.connect(model => {
      tab.title.label = model.run?.runName ?? trans.__('Run');
      tab.title.caption = model.run?.runName ?? '';
    });
    content.model.edited.connect(() => {
      if (this._preview.tab === tab) {
        this._preview.keep();
      }
    });
    this._preview.set(tab);
    this._tabs = [...this._tabs, tab];
    return tab;
  }

  private _show(tab: RunTab, runId: RunId): void {
    const { place } = this._desk;
    const isFresh = !tab.isAttached;
    if (placeTab(place(), tab)) {
      if (isFresh) {
        this._preview.placed();
      }
    } else {
      // No room for tabs: the panel shows the run's details.
      tab.dispose();
      void place().app.commands.execute(CommandIDs.selectRun, { runId });
    }
  }

  private async _compareTab(): Promise<CompareTab> {
    if (this._compare && !this._compare.isDisposed) {
      return this._compare;
    }
    const { choices, trans } = this._desk;
    const { ComparePageWidget } = await import('../compare/page');
    const content = new ComparePageWidget({
      choices,
      trans,
      onOpen: run => this._openCompared(content, run)
    });
    this._compare = makeTab(content, 'experiments-compare');
    this._compare.title.icon = compareIcon;
    this._compare.title.label = trans.__('Compare');
    return this._compare;
  }

  private _openCompared(page: ComparePageWidget, { runId }: Run): void {
    const of = page.model.compared.find(run => run.runId === runId);
    void this.openRun({ runId, connectionId: of?.session.connection.id });
  }

  private _actions(session: ISession): RunActions {
    const { trans, place } = this._desk;
    const connectionId = session.connection.id;
    const { commands } = place().app;
    return {
      has: command => commands.hasCommand(command),
      execute: (command, args: ReadonlyPartialJSONObject) => {
        void commands.execute(command, { connectionId, ...args });
      },
      ask: (title, text) =>
        askName({ title, label: title, okLabel: trans.__('OK'), text }, trans),
      cellLabel: run => this._cellLabel(run)
    };
  }

  private _cellLabel(run: Run): string | null {
    const cellId = tagValue(run.tags, TagKeys.cellId);
    if (!cellId) {
      return null;
    }
    const notebookId = tagValue(run.tags, TagKeys.notebookId) ?? '';
    const notebook = this._desk.notebooks?.find(notebookId);
    const count =
      notebook?.executionCount(cellId) ??
      tagValue(run.tags, TagKeys.executionCount);
    return `[${count ?? ' '}]`;
  }

  private readonly _preview = new PreviewTab<RunTab>();
  private _tabs: readonly RunTab[] = [];
  private _compare: CompareTab | null = null;
}

function makeTab<T extends Widget>(content: T, id: string): MainAreaWidget<T> {
  const tab = new MainAreaWidget<T>({ content });
  tab.id = id;
  tab.title.closable = true;
  // An empty toolbar leaves a strip above the page.
  tab.toolbar.hide();
  return tab;
}
