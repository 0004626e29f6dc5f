import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';
import type { IDisposable } from '@lumino/disposable';
import { isSuperseded, Latest } from '../base/latest';
import type { Check, Rival } from './checks';
import { checksOf, parseTags, rivalVersionOf } from './checks';
import type { ModelFacts } from './mlmodel';
import type { NameProblem, RunModel, Target } from './registerplan';
import {
  CHAMPION,
  firstModel,
  nameProblem,
  originOf,
  proposedName
} from './registerplan';
import type { Registered, Registrar } from './registrar';
import type { RunFacts } from './runfacts';

/** What a person fills in, and what is shown beside it. */
export type RegisterFormState = Readonly<{
  name: string;
  model: RunModel;
  makesChampion: boolean;
  description: string;
  /** Lines of `key=value`. */
  tags: string;
  /** Registered models' names, as far as read. */
  names: readonly string[];
  /** Null while the name is being looked up. */
  target: Target | null;
  rival: Rival | null;
  isRegistering: boolean;
  /** Why it was not registered, or null. */
  error: unknown;
}>;

/** State of the dialog that registers one run's model. */
export class RegisterForm implements IDisposable {
  constructor(options: {
    registrar: Registrar;
    facts: RunFacts;
    model: RunModel;
  }) {
    this._registrar = options.registrar;
    this.facts = options.facts;
    this._state = {
      name: this._proposal(options.model),
      model: options.model,
      makesChampion: false,
      description: '',
      tags: '',
      names: [],
      target: null,
      rival: null,
      isRegistering: false,
      error: null
    };
    void this._readNames();
    void this._readModels();
    void this._lookUp();
  }

  readonly facts: RunFacts;

  get state(): RegisterFormState {
    return this._state;
  }

  /** What `MLmodel` says of each model, as far as read. */
  get modelFacts(): ReadonlyMap<RunModel, ModelFacts | null> {
    return this._modelFacts;
  }

  get problem(): NameProblem | null {
    return nameProblem(this._state.name, this._state.target);
  }

  get checks(): readonly Check[] {
    const { model, rival } = this._state;
    const facts = this._modelFacts.get(model) ?? null;
    return checksOf({ facts, run: this.facts.run, rival });
  }

  get changed(): ISignal<RegisterForm, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  setName(name: string): void {
    this._isNameTyped = true;
    this._set({ name, error: null });
    void this._lookUp();
  }

  /** Another of the run's models; a name that was not typed follows it. */
  setModel(model: RunModel): void {
    this._set({ model, error: null });
    if (!this._isNameTyped) {
      this._set({ name: this._proposal(model) });
      void this._lookUp();
    }
  }

  setMakesChampion(makesChampion: boolean): void {
    this._set({ makesChampion });
  }

  setDescription(description: string): void {
    this._set({ description });
  }

  setTags(tags: string): void {
    this._set({ tags });
  }

  /** Register; null when it could not be, and the state says why. */
  async submit(): Promise<Registered | null> {
    const { name, model, makesChampion, description, tags } = this._state;
    if (this._state.isRegistering || this.problem) {
      return null;
    }
    this._set({ isRegistering: true, error: null });
    try {
      return await this._registrar.register({
        run: this.facts.run,
        model,
        name: name.trim(),
        alias: makesChampion ? CHAMPION : undefined,
        description: description.trim(),
        tags: parseTags(tags)
      });
    } catch (error) {
      this._set({ isRegistering: false, error });
      return null;
    }
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._latest.abort();
    this._reading.abort();
    Signal.clearData(this);
  }

  private _proposal(model: RunModel): string {
    const { models, earlier, run, experimentName } = this.facts;
    const { notebook } = originOf(run);
    return proposedName({ model, models, earlier, notebook, experimentName });
  }

  private async _readNames(): Promise<void> {
    try {
      const names = await this._registrar.readNames(this._reading.signal);
      this._set({ names });
    } catch {
      // Without the list one types the name; registering says what is wrong.
    }
  }

  private async _readModels(): Promise<void> {
    const { run, models } = this.facts;
    await Promise.all(
      models.map(async model => {
        const { signal } = this._reading;
        const facts = await this._registrar.readModel(run, model, signal);
        this._modelFacts.set(model, facts);
        this._set({});
      })
    );
  }

  /** Which version it becomes: the newest question wins. */
  private async _lookUp(): Promise<void> {
    const name = this._state.name.trim();
    this._set({ target: null, rival: null });
    if (nameProblem(name, null)) {
      this._latest.abort();
      return;
    }
    try {
      await this._latest.run(async signal => {
        const target = await this._registrar.readTarget(name, signal);
        if (!signal.aborted) {
          this._set({ target });
        }
        const rival = await this._readRival(target, signal);
        if (!signal.aborted) {
          this._set({ rival });
        }
      });
    } catch (error) {
      if (!isSuperseded(error)) {
        console.warn('The name could not be looked up.', error);
      }
    }
  }

  private async _readRival(
    target: Target,
    signal: AbortSignal
  ): Promise<Rival | null> {
    const version = rivalVersionOf(target);
    if (version === null) {
      return null;
    }
    const run = await this._registrar.readRunOf(target.name, version, signal);
    return run && { version, isChampion: version === target.champion, run };
  }

  private _set(change: Partial<RegisterFormState>): void {
    if (!this._isDisposed) {
      this._state = { ...this._state, ...change };
      this._changed.emit();
    }
  }

  private readonly _registrar: Registrar;
  private readonly _modelFacts = new Map<RunModel, ModelFacts | null>();
  private readonly _latest = new Latest();
  private readonly _reading = new AbortController();
  private readonly _changed = new Signal<RegisterForm, void>(this);
  private _state: RegisterFormState;
  private _isNameTyped = false;
  private _isDisposed = false;
}

/** The form for a run, or null where it has no model. */
export function formOf(
  registrar: Registrar,
  facts: RunFacts,
  modelId?: string
): RegisterForm | null {
  const model =
    facts.models.find(found => found.modelId === modelId) ??
    firstModel(facts.models, facts.earlier);
  return model ? new RegisterForm({ registrar, facts, model }) : null;
}
