import { PathExt } from '@jupyterlab/coreutils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { NotebookActions } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import { CONTRACT } from '../contract';
import type { TellWithPart } from '../kernel/bootstrap';
import type { KernelState, LiveMessage, Telling } from '../kernel/messages';
import type { IIdentityStore, NotebookChoice } from '../store/identitystore';
import type { INotebookContext, NotebookKernel } from '../tokens';
import { NotebookIdentity } from './identity';
import { KernelLink } from './kernellink';
import * as cells from './notebookcells';
import type { FindConnection } from './ownconnection';

/** What the notebooks of this page share. */
export type NotebookServices = Readonly<{
  store: IIdentityStore;
  /** Path from the server's root, without a drive. */
  localPath: (path: string) => string;
  isNotebookAt: (path: string, id: string) => Promise<boolean>;
  findConnection: FindConnection;
  /** Tells kernels that may lack our package; null while not fetched. */
  kernelPart: () => TellWithPart | null;
  /** `notebook`, `none`, or a template. */
  defaultExperiment: () => string;
  /** Bring a widget of the shell to the front. */
  reveal: (id: string) => void;
}>;

const NO_CHOICE: NotebookChoice = { connectionId: null, experimentName: null };

/** One open notebook, followed through rename, move and kernel restart. */
export class NotebookContext implements INotebookContext, IDisposable {
  constructor(
    readonly panel: NotebookPanel,
    private readonly _services: NotebookServices
  ) {
    this._identity = new NotebookIdentity({
      store: _services.store,
      isNotebookAt: _services.isNotebookAt,
      readMetadata: () =>
        panel.model?.getMetadata(CONTRACT.notebookMetadataKey),
      writeMetadata: value =>
        panel.model?.setMetadata(CONTRACT.notebookMetadataKey, value)
    });
    this._link = new KernelLink({
      session: panel.sessionContext,
      telling: () => this._telling(),
      isAsking: () => this._identity.isMade,
      ready: () => this.ready,
      kernelPart: _services.kernelPart,
      findConnection: _services.findConnection,
      toldConnectionId: () => this._toldConnectionId
    });
    this._link.changed.connect(this._emitChanged, this);
    this._link.greeted.connect(this._onGreeted, this);
    panel.context.pathChanged.connect(this._onPathChanged, this);
    NotebookActions.executionScheduled.connect(this._onScheduled, this);
    this.ready = this._open();
  }

  /** Resolves when its id and the choices of its user are known. */
  readonly ready: Promise<void>;

  readonly changed: ISignal<this, void> = new Signal<this, void>(this);

  /** What its kernels publish. */
  get received(): ISignal<unknown, LiveMessage> {
    return this._link.received;
  }

  get isReady(): boolean {
    return this._isReady;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  get notebookId(): string {
    return this._identity.id;
  }

  get path(): string {
    return this._services.localPath(this.panel.context.path);
  }

  get name(): string {
    return PathExt.basename(this.path, PathExt.extname(this.path));
  }

  get connectionId(): string {
    return this._link.runsConnectionId ?? this._toldConnectionId;
  }

  /** Connection of what its kernel logs; null where it is not on offer here. */
  get runsConnectionId(): string | null {
    return this._link.runsConnectionId;
  }

  /** Resolves when it is known whether `runsConnectionId` is. */
  get connectionFound(): Promise<void> {
    return this._link.connectionFound;
  }

  get kernel(): NotebookKernel | null {
    return this._link.kernel;
  }

  get activeCellId(): string | null {
    return this.panel.content.activeCell?.model.id ?? null;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._link.dispose();
      Signal.clearData(this);
    }
  }

  executionCount(cellId: string): number | null {
    return cells.executionCount(this.panel, cellId);
  }

  hasCell(cellId: string): boolean {
    return cells.hasCell(this.panel, cellId);
  }

  showCell(cellId: string): boolean {
    if (!this.panel.isVisible) {
      this._services.reveal(this.panel.id);
    }
    return cells.showCell(this.panel, cellId);
  }

  insertCode(source: string): void {
    cells.insertCode(this.panel, source);
  }

  chooseExperiment(name: string): Promise<void> {
    return this._choose({ ...this._choice, experimentName: name });
  }

  chooseConnection(connectionId: string): Promise<void> {
    return this._choose({ ...this._choice, connectionId });
  }

  setAutologging(isOn: boolean): Promise<void> {
    return this._link.teller.setAutologging(isOn);
  }

  async interrupt(): Promise<void> {
    await this.panel.sessionContext.session?.kernel?.interrupt();
  }

  focus(): void {
    this._services.reveal(this.panel.id);
    this.panel.content.activate();
  }

  /** The kernel part has come: kernels that may lack it are told again. */
  tellUnheard(): void {
    this._link.teller.tellUnheard();
  }

  /** Its first run has come: it bears its id from now on. */
  writeIdentity(): void {
    if (!this.panel.model?.readOnly) {
      this._identity.write();
    }
  }

  private get _toldConnectionId(): string {
    return this._choice.connectionId ?? CONTRACT.defaultConnection;
  }

  private async _open(): Promise<void> {
    try {
      await this.panel.context.ready;
    } catch {
      // JupyterLab has said why the file could not be read, and closes it.
      return;
    }
    await this._findOut();
    this._isReady = true;
    this._emitChanged();
  }

  /** Find out the id for the path of now, and what was chosen for it. */
  private async _findOut(): Promise<void> {
    await this._identity.resolve(this.path);
    const { store } = this._services;
    this._choice = (await store.choiceOf(this.notebookId)) ?? NO_CHOICE;
    if (!this._isDisposed) {
      this._link.teller.tellAgain();
    }
  }

  private _telling(): Telling {
    return {
      protocol: CONTRACT.protocol,
      notebook_path: this.path,
      notebook_id: this.notebookId,
      connection_id: this._toldConnectionId,
      experiment_name: this._choice.experimentName,
      default_experiment: this._services.defaultExperiment()
    };
  }

  private async _choose(choice: NotebookChoice): Promise<void> {
    this._choice = choice;
    await this._services.store.choose(this.notebookId, choice);
    this._link.teller.tellAgain();
    this._emitChanged();
  }

  private _onPathChanged(): void {
    // At once for what is shown; the id may follow, for a copy.
    this._emitChanged();
    void this._findOut().then(() => this._emitChanged());
  }

  private _onScheduled(
    _: unknown,
    { notebook }: Readonly<{ notebook: unknown }>
  ): void {
    if (notebook === this.panel.content) {
      this._link.teller.tellOnce();
    }
  }

  private async _onGreeted(_: unknown, state: KernelState): Promise<void> {
    if (await this._identity.adopt(state.notebookId, this.path)) {
      this._link.teller.tellAgain();
      this._emitChanged();
    }
    this._link.teller.tellOnce();
  }

  private _emitChanged(): void {
    if (!this._isDisposed) {
      (this.changed as Signal<this, void>).emit();
    }
  }

  private readonly _identity: NotebookIdentity;
  private readonly _link: KernelLink;
  private _choice = NO_CHOICE;
  private _isReady = false;
  private _isDisposed = false;
}
