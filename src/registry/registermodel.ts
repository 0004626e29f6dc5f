/**
 * The command “Register model”: at once where nothing is to be asked, else by
 * the dialog; then a notification that can undo it.
 */
import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { RegisterModelArgs } from '../commands';
import type { INotebookRuns, ISession, ITracking } from '../tokens';
import { askAndRegister } from './registerdialog';
import { formOf } from './registerform';
import type { RunModel } from './registerplan';
import {
  aliasProblem,
  earlierName,
  firstModel,
  nameProblem,
  originOf,
  registersAtOnce
} from './registerplan';
import type { ReadArtifact, Registered } from './registrar';
import { Registrar } from './registrar';
import type { RunFacts } from './runfacts';
import { readRunFacts } from './runfacts';
import {
  aliasSentence,
  fromWords,
  nameSentence,
  noModel,
  refusedSentence
} from './words';
import { sayHint, sayProblem } from '../ui/say';

const UNDO_MS = 10000;

/** What registering needs from the rest. */
export type RegisterDesk = Readonly<{
  tracking: ITracking;
  notebooks: INotebookRuns | null;
  readArtifact: ReadArtifact;
  trans: TranslationBundle;
}>;

/** What the command gives to code that called it. */
export type RegisterResult = Readonly<{ name: string; version: string }>;

/** Registers models of runs; keeps one registrar for each session. */
export class RegisterCommand {
  constructor(private readonly _desk: RegisterDesk) {}

  /** Null when there was nothing to register, or the person cancelled. */
  async execute(args: RegisterModelArgs): Promise<RegisterResult | null> {
    const { runId, connectionId } = args;
    const { tracking, trans } = this._desk;
    const session = connectionId
      ? tracking.sessionOf(connectionId)
      : tracking.session;
    if (!session || !runId) {
      sayHint(trans.__('Select a run first.'));
      return null;
    }
    const registrar = this._registrarOf(session);
    const facts = await this._factsOf(session, runId);
    if (!facts) {
      return null;
    }
    const registered = await this._register(registrar, facts, args);
    if (!registered) {
      return null;
    }
    this._say(registrar, registered);
    const { name, version } = registered.version;
    return { name, version };
  }

  /** Null, and said so, when the run has no model or cannot be read. */
  private async _factsOf(
    session: ISession,
    runId: string
  ): Promise<RunFacts | null> {
    const { notebooks, trans } = this._desk;
    const pathOf = (id: string): string | null =>
      notebooks?.find(id)?.path ?? null;
    try {
      const facts = await readRunFacts(session, { runId, pathOf });
      if (facts.models.length === 0) {
        sayHint(noModel(trans));
        return null;
      }
      return facts;
    } catch (error) {
      sayProblem(refusedSentence(error, '', trans));
      return null;
    }
  }

  private async _register(
    registrar: Registrar,
    facts: RunFacts,
    args: RegisterModelArgs
  ): Promise<Registered | null> {
    const { models, earlier } = facts;
    const model =
      models.find(found => found.modelId === args.modelId) ??
      firstModel(models, earlier);
    const { isShared } = registrar.session.connection;
    if (model && args.name !== undefined) {
      const { name, alias } = args;
      return this._now(registrar, { facts, model, name, alias });
    }
    if (model && registersAtOnce({ model, models, earlier, isShared })) {
      const name = earlierName(model, models, earlier) ?? model.name;
      return this._now(registrar, { facts, model, name, alias: args.alias });
    }
    return this._ask(registrar, facts, args);
  }

  private async _now(
    registrar: Registrar,
    order: Readonly<{
      facts: RunFacts;
      model: RunModel;
      name: string;
      alias?: string;
    }>
  ): Promise<Registered | null> {
    const { trans } = this._desk;
    const { facts, model, name, alias } = order;
    const problem = this._problem(name, alias);
    if (problem) {
      sayProblem(problem);
      return null;
    }
    try {
      const { run } = facts;
      return await registrar.register({ run, model, name: name.trim(), alias });
    } catch (error) {
      sayProblem(refusedSentence(error, name.trim(), trans));
      return null;
    }
  }

  private _problem(name: string, alias: string | undefined): string | null {
    const { trans } = this._desk;
    const wrongName = nameProblem(name, null);
    if (wrongName) {
      return nameSentence(wrongName, name, trans);
    }
    const wrongAlias = alias === undefined ? null : aliasProblem(alias);
    return wrongAlias && aliasSentence(wrongAlias, trans);
  }

  private async _ask(
    registrar: Registrar,
    facts: RunFacts,
    args: RegisterModelArgs
  ): Promise<Registered | null> {
    const form = formOf(registrar, facts, args.modelId);
    if (!form) {
      return null;
    }
    const { notebooks, trans } = this._desk;
    const origin = originOf(facts.run);
    const notebook = origin.notebookId && notebooks?.find(origin.notebookId);
    const now =
      notebook && origin.cellId ? notebook.executionCount(origin.cellId) : null;
    const from = fromWords(facts.run.runName, origin, {
      cell: now === null ? origin.executionCount : String(now),
      trans
    });
    return askAndRegister({ form, from, trans });
  }

  private _say(registrar: Registrar, registered: Registered): void {
    const { trans } = this._desk;
    const { version, alias, aliasError } = registered;
    const said = trans.__('Registered %1 v%2.', version.name, version.version);
    const failed = aliasError
      ? ` ${trans.__('The alias @%1 could not be set.', alias ?? '')}`
      : '';
    Notification.emit(said + failed, aliasError ? 'warning' : 'success', {
      autoClose: UNDO_MS,
      actions: [
        {
          label: trans.__('Undo'),
          callback: () => void this._undo(registrar, registered)
        }
      ]
    });
  }

  private async _undo(
    registrar: Registrar,
    registered: Registered
  ): Promise<void> {
    const { trans } = this._desk;
    const { name, version } = registered.version;
    try {
      await registrar.undo(registered);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      sayProblem(
        trans.__('%1 v%2 is still registered: %3', name, version, why)
      );
    }
  }

  private _registrarOf(session: ISession): Registrar {
    const known = this._registrars.get(session);
    if (known) {
      return known;
    }
    const { readArtifact } = this._desk;
    const registrar = new Registrar({ session, readArtifact });
    this._registrars.set(session, registrar);
    return registrar;
  }

  private readonly _registrars = new WeakMap<ISession, Registrar>();
}
