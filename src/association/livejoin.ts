import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { RunPatch } from '../runtable/patch';
import type { ISession, ITracking } from '../tokens';
import type { IOpenNotebooks, Received } from './notebookruns';

type Source = Received['notebook'];

const MOST_WAITING = 500;

/** Brings what kernels publish to the sessions of their connections. */
export class LiveJoin implements IDisposable {
  constructor(
    notebooks: Pick<IOpenNotebooks, 'received'>,
    private readonly _tracking: Pick<ITracking, 'sessionOf' | 'changed'>
  ) {
    _tracking.changed.connect(this._onTrackingChanged, this);
    notebooks.received.connect(this._onReceived, this);
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  private _onReceived(_: unknown, { notebook, message }: Received): void {
    if (message.kind === 'run') {
      this._onRun(notebook, message.connectionId, message.patch);
    } else if (message.kind === 'registry') {
      this._onRegistry(notebook);
    }
  }

  private _onRun(
    notebook: Source,
    connectionId: string | null,
    patch: RunPatch
  ): void {
    if (patch.event !== 'deleted' && patch.event !== 'restored') {
      notebook.writeIdentity();
    }
    const merge = (session: ISession): void => session.receive(patch);
    this._with(notebook, connectionId, merge);
  }

  private _onRegistry(notebook: Source): void {
    this._with(notebook, null, session => {
      session.refreshRegistrations().catch(error => {
        console.warn('Experiments: registered versions were not read.', error);
      });
    });
  }

  /** Act on the session of a message, as soon as its connection is known. */
  private _with(
    notebook: Source,
    connectionId: string | null,
    act: (session: ISession) => void
  ): void {
    const known = connectionId ?? notebook.runsConnectionId;
    if (known !== null) {
      this._act(known, act);
      return;
    }
    void notebook.connectionFound.then(() => {
      const found = notebook.runsConnectionId;
      // None: its runs are in a store that is not on offer here.
      if (found !== null && !this._isDisposed) {
        this._act(found, act);
      }
    });
  }

  /** The code of sessions is fetched when it is first asked for: wait for it. */
  private _act(connectionId: string, act: (session: ISession) => void): void {
    const session = this._tracking.sessionOf(connectionId);
    if (session) {
      act(session);
    } else if (this._waiting.length < MOST_WAITING) {
      this._waiting.push({ connectionId, act });
    }
  }

  private _onTrackingChanged(): void {
    const waiting = this._waiting;
    this._waiting = [];
    waiting.forEach(({ connectionId, act }) => this._act(connectionId, act));
  }

  private _waiting: {
    connectionId: string;
    act: (session: ISession) => void;
  }[] = [];
  private _isDisposed = false;
}
