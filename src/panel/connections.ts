import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { sentenceOf } from '../base/sentence';
import type { Connection } from '../tokens';
import { sayHint, sayProblem } from '../ui/say';
import { offeredStore } from './connectiongroups';
import type { PanelModel } from './model';

const UNDO_MS = 10_000;
// A menu waits no longer than this for the list of files.
const PATIENCE_MS = 600;

/** What the panel does with connections, and the stores beside the notebook. */
export class PanelConnections {
  constructor(
    private readonly _model: PanelModel,
    private readonly _trans: TranslationBundle,
    private readonly _onChanged: () => void
  ) {}

  /** Stores beside the current notebook, in their state of now. */
  get beside(): readonly Connection[] {
    const { connections } = this._model.tracking;
    return this._found.map(
      found => connections.find(({ id }) => id === found.id) ?? found
    );
  }

  /** The store beside the notebook that is to be offered, or null. */
  get offer(): Connection | null {
    const current = this._model.session?.connection ?? null;
    return this._model.notebook && current
      ? offeredStore(this.beside, current, one => this._isDeclined(one))
      : null;
  }

  /** The panel or its notebook changed: look beside a notebook not seen yet. */
  follow(): void {
    const { notebook, tracking } = this._model;
    const path = tracking.mayAdd ? (notebook?.path ?? null) : null;
    if (path !== this._path) {
      this._path = path;
      this._found = [];
      void this._find();
    }
    this._obey();
  }

  /** Look beside the notebook and at all states again; waits a moment at most. */
  async look(): Promise<void> {
    const patience = new Promise<void>(resolve =>
      setTimeout(resolve, PATIENCE_MS)
    );
    const { tracking } = this._model;
    const looking = Promise.all([this._find(), tracking.refresh()]);
    await Promise.race([looking, patience]);
  }

  /** Log the notebook's runs there, or show them where there is no notebook. */
  async choose(connectionId: string): Promise<void> {
    const { notebook, scope, tracking } = this._model;
    if (scope.kind === 'experiment') {
      // Its id means another experiment there.
      this._model.setScope({ kind: notebook ? 'notebook' : 'all' });
    }
    if (!notebook) {
      await tracking.select(connectionId);
      return;
    }
    const { kernel } = notebook;
    await this._keep(connectionId);
    await notebook.chooseConnection(connectionId);
    if (
      kernel?.trackingKind === 'own' &&
      kernel.connectionId !== connectionId
    ) {
      sayHint(
        this._trans.__(
          'This kernel has a tracking URI of its own, which goes first. Take out mlflow.set_tracking_uri or MLFLOW_TRACKING_URI and restart the kernel.'
        )
      );
    }
  }

  /** Do not offer this store for this notebook again. */
  decline(connection: Connection): void {
    this._model.kept.decline(this._offerKey(connection));
    this._onChanged();
  }

  isCopyDeclined(connectionId: string): boolean {
    return this._model.kept.isDeclined(`copy:${connectionId}`);
  }

  declineCopy(connectionId: string): void {
    this._model.kept.decline(`copy:${connectionId}`);
    this._onChanged();
  }

  /** Take a connection of the user's away; a notification offers to undo it. */
  async remove(connection: Connection): Promise<void> {
    const { notebook, tracking } = this._model;
    const { id, label } = connection;
    const wasChosen = notebook?.connectionId === id;
    try {
      await (await tracking.desk()).remove(id);
    } catch (error) {
      sayProblem(sentenceOf(error));
      return;
    }
    if (wasChosen) {
      await this.chooseDefault();
    }
    const trans = this._trans;
    Notification.success(trans.__('Removed %1.', label), {
      autoClose: UNDO_MS,
      actions: [
        {
          label: trans.__('Undo'),
          callback: () => void this._restore(id, wasChosen)
        }
      ]
    });
  }

  /** The connection that notebooks have at first. */
  get byDefault(): Connection | null {
    const { connections } = this._model.tracking;
    return connections.find(one => one.source === 'administrator') ?? null;
  }

  /** Instead of the notebook's connection, where that is no longer there. */
  get replacement(): Connection | null {
    const { notebook, tracking } = this._model;
    const isGone =
      tracking.hasServer === true &&
      notebook !== null &&
      this._model.session === null &&
      !tracking.connections.some(({ id }) => id === notebook.connectionId);
    return isGone ? this.byDefault : null;
  }

  async chooseDefault(): Promise<void> {
    const { byDefault } = this;
    if (byDefault) {
      await this.choose(byDefault.id);
    }
  }

  /** Try a connection, and say what is wrong and what to do. */
  async test(connection: Connection): Promise<void> {
    const trans = this._trans;
    const { tracking, runs } = this._model;
    const id = Notification.emit(
      trans.__('Testing %1…', connection.label),
      'in-progress',
      { autoClose: false }
    );
    try {
      const result = await (await tracking.desk()).test(connection.id);
      const words = [`${connection.label}:`, result.message, result.remedy];
      Notification.update({
        id,
        message: words.filter(Boolean).join(' '),
        type: result.isOk ? 'success' : 'error',
        autoClose: result.isOk ? UNDO_MS : false
      });
    } catch (error) {
      const message = sentenceOf(error);
      Notification.update({ id, message, type: 'error', autoClose: false });
    }
    await tracking.refresh();
    await runs.view?.refresh();
  }

  dispose(): void {
    this._isDisposed = true;
  }

  /** What was found is offered for as long as the server runs, what is kept always. */
  private async _keep(connectionId: string): Promise<void> {
    const { connections, mayAdd } = this._model.tracking;
    const chosen = connections.find(({ id }) => id === connectionId);
    if (mayAdd && chosen?.source === 'notebook') {
      try {
        await (await this._model.tracking.desk()).keep(connectionId);
      } catch (error) {
        console.warn('experiments: a connection was not kept', error);
      }
    }
  }

  private async _restore(id: string, isChosen: boolean): Promise<void> {
    try {
      await (await this._model.tracking.desk()).restore(id);
      if (isChosen) {
        await this.choose(id);
      }
    } catch (error) {
      sayProblem(sentenceOf(error));
    }
  }

  private async _find(): Promise<void> {
    const path = this._path;
    if (path === null) {
      return;
    }
    try {
      const desk = await this._model.tracking.desk();
      const found = await desk.find(path);
      if (path === this._path && !this._isDisposed) {
        this._found = found;
        this._tellAgain();
        this._onChanged();
      }
    } catch (error) {
      // An offer less; what is chosen stays as it is.
      console.warn('experiments: nothing was found beside a notebook', error);
    }
  }

  /** Where the administrator left one connection, an older choice gives way. */
  private _obey(): void {
    const { mayAdd, connections } = this._model.tracking;
    const { replacement } = this;
    const key = `${this._model.notebook?.notebookId}`;
    if (replacement && !mayAdd && connections.length === 1) {
      if (this._obeyed !== key) {
        this._obeyed = key;
        void this.chooseDefault();
      }
    }
  }

  /** A server that was started anew learned only now of a store that was chosen. */
  private _tellAgain(): void {
    const { notebook } = this._model;
    const isKnown = this._found.some(({ id }) => id === notebook?.connectionId);
    if (isKnown && notebook?.kernel?.reason === 'unknown-connection') {
      void notebook.chooseConnection(notebook.connectionId);
    }
  }

  private _isDeclined(connection: Connection): boolean {
    return this._model.kept.isDeclined(this._offerKey(connection));
  }

  private _offerKey({ id }: Connection): string {
    return `offer:${this._model.notebook?.notebookId}:${id}`;
  }

  private _path: string | null = null;
  private _found: readonly Connection[] = [];
  private _obeyed = '';
  private _isDisposed = false;
}
