import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { Token } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { LiveMessage } from '../kernel/messages';
import type { INotebookRuns } from '../tokens';
import type { NotebookContext, NotebookServices } from './notebook';

/** What the kernel of an open notebook published. */
export type Received = Readonly<{
  notebook: NotebookContext;
  message: LiveMessage;
}>;

/** The open notebooks as the plugins of this package see them. */
export interface IOpenNotebooks extends INotebookRuns {
  readonly all: readonly NotebookContext[];
  /** A notebook was opened; its id may not be known yet. */
  readonly opened: ISignal<IOpenNotebooks, NotebookContext>;
  readonly received: ISignal<IOpenNotebooks, Received>;
}

/** Token of the open notebooks; for plugins of this package only. */
export const IOpenNotebooks = new Token<IOpenNotebooks>(
  'jupyterlab-experiments:IOpenNotebooks',
  'The open notebooks and what their kernels publish.'
);

/** The part of a notebook tracker that is followed. */
export type FollowedTracker = Pick<
  INotebookTracker,
  'currentWidget' | 'currentChanged' | 'widgetAdded' | 'forEach'
>;

/** The open notebooks, and the one that had the focus last. */
export class NotebookRuns implements IOpenNotebooks, IDisposable {
  constructor(
    private readonly _tracker: FollowedTracker,
    private readonly _services: NotebookServices
  ) {
    _tracker.widgetAdded.connect(this._onAdded, this);
    _tracker.currentChanged.connect(this._emitChanged, this);
    _tracker.forEach(panel => this._onAdded(_tracker, panel));
  }

  readonly changed: ISignal<this, void> = new Signal<this, void>(this);

  readonly opened: ISignal<this, NotebookContext> = new Signal<
    this,
    NotebookContext
  >(this);

  readonly received: ISignal<this, Received> = new Signal<this, Received>(this);

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  get all(): readonly NotebookContext[] {
    return [...this._contexts.values()];
  }

  /** Null as long as the id of the notebook is not known. */
  get current(): NotebookContext | null {
    const panel = this._tracker.currentWidget;
    const context = panel && this._contexts.get(panel);
    return context?.isReady ? context : null;
  }

  find(notebookId: string): NotebookContext | null {
    return (
      this.all.find(
        context => context.isReady && context.notebookId === notebookId
      ) ?? null
    );
  }

  /** The kernel part has come. */
  tellUnheard(): void {
    this.all.forEach(context => context.tellUnheard());
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this.all.forEach(context => context.dispose());
      this._contexts.clear();
      Signal.clearData(this);
    }
  }

  private _onAdded(_: unknown, panel: NotebookPanel): void {
    this._open(panel).catch(error => {
      console.error('Experiments: a notebook is not followed.', error);
    });
  }

  /**
   * Follow a notebook. The code comes with the first one: a fetch, where its
   * file and its kernel need several before a cell can be run.
   */
  private async _open(panel: NotebookPanel): Promise<void> {
    const { NotebookContext } = await import('./notebook');
    if (panel.isDisposed || this._isDisposed || this._contexts.has(panel)) {
      return;
    }
    const notebook = new NotebookContext(panel, this._services);
    this._contexts.set(panel, notebook);
    notebook.changed.connect(this._onNotebookChanged, this);
    notebook.received.connect((_, message) => {
      (this.received as Signal<this, Received>).emit({ notebook, message });
    }, this);
    panel.disposed.connect(() => this._close(panel), this);
    (this.opened as Signal<this, NotebookContext>).emit(notebook);
  }

  private _close(panel: NotebookPanel): void {
    this._contexts.get(panel)?.dispose();
    this._contexts.delete(panel);
    this._emitChanged();
  }

  private _onNotebookChanged(notebook: NotebookContext): void {
    if (notebook === this.current) {
      this._emitChanged();
    }
  }

  private _emitChanged(): void {
    if (!this._isDisposed) {
      (this.changed as Signal<this, void>).emit();
    }
  }

  private readonly _contexts = new Map<NotebookPanel, NotebookContext>();
  private _isDisposed = false;
}
