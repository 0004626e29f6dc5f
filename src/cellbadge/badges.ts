import type { Cell } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import type { IMessageHandler, Message } from '@lumino/messaging';
import { MessageLoop } from '@lumino/messaging';
import { Debouncer } from '@lumino/polling';
import { Signal } from '@lumino/signaling';
import { PanelLayout } from '@lumino/widgets';
import { cellHash } from '../base/cellhash';
import type { RunId } from '../mlflow/entities';
import type { IChoices } from '../runs/choices';
import type { INotebookContext, IRunView, ITracking } from '../tokens';
import { CellBadge } from './badge';
import type { CellRuns } from './summary';
import { badgeText, summarize } from './summary';

/** An open notebook and its widget. */
export interface IBadgedNotebook extends INotebookContext {
  readonly panel: NotebookPanel;
  readonly isReady: boolean;
}

export type BadgesOptions = Readonly<{
  notebook: IBadgedNotebook;
  tracking: ITracking;
  choices: IChoices;
  trans: TranslationBundle;
  selectRun: (runId: RunId) => void;
}>;

/** A typing user is not to wait for badges. */
const EDIT_MS = 400;

/** The badges of one notebook's cells. */
export class NotebookBadges implements IDisposable {
  /** Add badges to a notebook; they go with its widget. */
  static add(options: BadgesOptions): IDisposable {
    return new NotebookBadges(options);
  }

  private constructor(private readonly _options: BadgesOptions) {
    const { notebook, tracking, choices } = _options;
    const { panel } = notebook;
    this._later = new Debouncer(() => this._draw(), EDIT_MS);
    notebook.changed.connect(this._follow, this);
    tracking.changed.connect(this._follow, this);
    choices.changed.connect(this._onRunsChanged, this);
    panel.content.modelContentChanged.connect(this._onEdited, this);
    panel.disposed.connect(this.dispose, this);
    MessageLoop.installMessageHook(panel, this._hook);
    this._follow();
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      MessageLoop.removeMessageHook(this._options.notebook.panel, this._hook);
      this._later.dispose();
      this._view?.dispose();
      this._badges.forEach(badge => badge.dispose());
      Signal.clearData(this);
    }
  }

  /** Open the view of the notebook's runs anew where it became another. */
  private _follow(): void {
    const { notebook, tracking } = this._options;
    if (!notebook.isReady) {
      return;
    }
    const { connectionId, notebookId: id, path } = notebook;
    const session = tracking.sessionOf(connectionId);
    const key = [session ? connectionId : '', id, path].join('\n');
    if (key !== this._viewKey) {
      this._viewKey = key;
      this._show(session ? session.openView({ notebook: { id, path } }) : null);
    }
  }

  private _show(view: IRunView | null): void {
    this._view?.changed.disconnect(this._onRunsChanged, this);
    this._view?.dispose();
    this._view = view;
    view?.changed.connect(this._onRunsChanged, this);
    this._watch();
    this._onRunsChanged();
  }

  /** A hidden notebook asks nothing of the store, a shown one asks once. */
  private _watch(): void {
    if (this._view) {
      this._view.isVisible = this._options.notebook.panel.isVisible;
    }
  }

  private _onRunsChanged(): void {
    // From now on the kernel's word is enough; the panel asks for more.
    if (this._view?.freshness.phase === 'current') {
      this._view.isVisible = false;
    }
    const { choices, notebook } = this._options;
    this._runs = this._view
      ? summarize(
          this._view.table,
          this._view.keys,
          choices.of(notebook.notebookId)
        )
      : new Map();
    this._draw();
  }

  private _onEdited(): void {
    if (this._runs.size > 0) {
      void this._later.invoke().catch(() => undefined);
    }
  }

  private _draw(): void {
    if (this._isDisposed || this._options.notebook.panel.isDisposed) {
      return;
    }
    for (const cell of this._options.notebook.panel.content.widgets) {
      const runs = this._runs.get(cell.model?.id);
      if (runs) {
        this._drawBadge(cell, runs);
      } else {
        this._badges.get(cell)?.dispose();
        this._badges.delete(cell);
      }
    }
    this._badges.forEach((badge, cell) => {
      if (cell.isDisposed) {
        this._badges.delete(cell);
      }
    });
  }

  private _drawBadge(cell: Cell, runs: CellRuns): void {
    const badge = this._badgeOf(cell);
    if (!badge) {
      return;
    }
    const { trans } = this._options;
    const isEdited =
      runs.cellHash !== null &&
      runs.cellHash !== cellHash(cell.model.sharedModel.getSource());
    badge.say({
      text: badgeText(runs, isEdited, trans),
      caption: trans.__('Select the latest run of this cell')
    });
  }

  /** The badge of a cell; null while the cell is not drawn yet. */
  private _badgeOf(cell: Cell): CellBadge | null {
    const known = this._badges.get(cell);
    if (known && !known.isDisposed) {
      return known;
    }
    const layout = headerLayout(cell);
    if (!layout) {
      void cell.ready.then(() => this._onEdited());
      return null;
    }
    const badge = new CellBadge(() => this._select(cell));
    layout.addWidget(badge);
    this._badges.set(cell, badge);
    return badge;
  }

  private _select(cell: Cell): void {
    const runs = this._runs.get(cell.model?.id);
    if (runs) {
      this._options.selectRun(runs.latestRunId);
    }
  }

  private readonly _hook = (_: IMessageHandler, message: Message): boolean => {
    if (message.type === 'after-show' || message.type === 'after-hide') {
      this._watch();
    }
    return true;
  };

  private readonly _later: Debouncer;
  private readonly _badges = new Map<Cell, CellBadge>();
  private _runs: ReadonlyMap<string, CellRuns> = new Map();
  private _view: IRunView | null = null;
  private _viewKey = '';
  private _isDisposed = false;
}

/** Layout of a cell's header, made if need be; null before it is drawn. */
function headerLayout(cell: Cell): PanelLayout | null {
  const children = (cell.layout as PanelLayout | null)?.widgets ?? [];
  const header = children.find(child => child.hasClass('jp-Cell-header'));
  if (header && !header.layout) {
    header.layout = new PanelLayout();
  }
  return header?.layout instanceof PanelLayout ? header.layout : null;
}
