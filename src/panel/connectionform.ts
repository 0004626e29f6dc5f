import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import { isSuperseded, Latest } from '../base/latest';
import { sentenceOf } from '../base/sentence';
import type {
  Connection,
  ConnectionDraft,
  ConnectionTest,
  IConnectionDesk
} from '../tokens';

export type FormState = Readonly<{
  draft: ConnectionDraft;
  /** Log the notebook's runs there as soon as it is added. */
  isChosen: boolean;
  isTesting: boolean;
  /** What the test of this draft showed, or null. */
  test: ConnectionTest | null;
  isAdding: boolean;
  /** Why it was not tried or not added, as the server says it, or null. */
  error: string | null;
}>;

/** A URI that names a password: `https://ana:secret@host`. */
export function hasPassword(uri: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/?#\s]*:[^/?#\s]+@/i.test(uri.trim());
}

/** A connection that is being written down, tried, and added. */
export class ConnectionForm {
  constructor(private readonly _desk: IConnectionDesk) {}

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get state(): FormState {
    return this._state;
  }

  /** There is something to try and to add. */
  get isFilled(): boolean {
    return this._draft.trackingUri !== '';
  }

  /** Take what was typed; what an earlier text showed no longer holds. */
  edit(change: Partial<ConnectionDraft>): void {
    this._testing.abort();
    this._set({
      draft: { ...this._state.draft, ...change },
      isTesting: false,
      test: null,
      error: null
    });
  }

  setChosen(isChosen: boolean): void {
    this._set({ isChosen });
  }

  /** Try it; nothing is kept. */
  async test(): Promise<void> {
    if (!this.isFilled || this._state.isAdding) {
      return;
    }
    this._set({ isTesting: true, test: null, error: null });
    try {
      const test = await this._testing.run(signal =>
        this._desk.test(this._draft, signal)
      );
      this._set({ isTesting: false, test });
    } catch (error) {
      if (!isSuperseded(error)) {
        this._set({ isTesting: false, error: sentenceOf(error) });
      }
    }
  }

  /** Add it; null where the server refused, with everything typed as it was. */
  async add(): Promise<Connection | null> {
    if (!this.isFilled || this._state.isAdding) {
      return null;
    }
    this._testing.abort();
    this._set({ isAdding: true, isTesting: false, error: null });
    try {
      const connection = await this._desk.add(this._draft);
      this._state = { ...EMPTY, isChosen: this._state.isChosen };
      return connection;
    } catch (error) {
      this._set({ isAdding: false, error: sentenceOf(error) });
      return null;
    }
  }

  /** Forgets what was typed: it may hold a password. */
  dispose(): void {
    this._testing.abort();
    Signal.clearData(this);
    this._state = EMPTY;
  }

  private get _draft(): ConnectionDraft {
    const { trackingUri, registryUri, label } = this._state.draft;
    return {
      trackingUri: trackingUri.trim(),
      registryUri: registryUri.trim(),
      label: label.trim()
    };
  }

  private _set(change: Partial<FormState>): void {
    this._state = { ...this._state, ...change };
    this._changed.emit();
  }

  private readonly _changed = new Signal<this, void>(this);
  private readonly _testing = new Latest();
  private _state = EMPTY;
}

const EMPTY: FormState = {
  draft: { trackingUri: '', registryUri: '', label: '' },
  isChosen: true,
  isTesting: false,
  test: null,
  isAdding: false,
  error: null
};
