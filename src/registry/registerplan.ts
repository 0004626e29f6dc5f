/**
 * Which model of a run is registered, under which name, as which version.
 */
import type {
  LoggedModel,
  ModelVersion,
  RegisteredModel,
  Run,
  RunId
} from '../mlflow/entities';
import { TagKeys, tagValue } from '../mlflow/tags';

/** One model that a run logged, as a version may be made of it. */
export type RunModel = Readonly<{
  /** Name it was logged under; of older runs the artifact folder. */
  name: string;
  /** What the registry is told to take. */
  source: string;
  /** Null for models of runs before MLflow 3, which lie in the run's folder. */
  modelId: string | null;
  /** Folder below the run's artifacts, for models without an id. */
  folder: string | null;
}>;

/** What is known of the notebook and the cell that made a run. */
export type Origin = Readonly<{
  notebookId: string | null;
  /** From the server's root. */
  path: string | null;
  /** File name with suffix, or null. */
  notebook: string | null;
  cellId: string | null;
  executionCount: string | null;
}>;

/** A name in the registry, seen from a run that is to become a version of it. */
export type Target = Readonly<{
  name: string;
  /** Null: the name is free, or was not looked up. */
  model: RegisteredModel | null;
  isPrompt: boolean;
  /** The number that registering gives, as far as one can tell. */
  nextVersion: number;
  /** Version that bears the champion's alias, or null. */
  champion: string | null;
}>;

export type NameProblem = 'empty' | 'characters' | 'prompt';
export type AliasProblem = 'empty' | 'characters' | 'reserved';

/** The alias that the dialog offers to move. */
export const CHAMPION = 'champion';

const PROMPT_TAG = 'mlflow.prompt.is_prompt';
// Names that say nothing about what the model is for.
const GENERIC_NAMES = new Set([
  'model',
  'models',
  'estimator',
  'best_estimator',
  'best_model'
]);

const lastPart = (path: string): string =>
  path.slice(path.replace(/\\/g, '/').lastIndexOf('/') + 1);

/** Notebook and cell of a run, from its tags. */
export function originOf(run: Run): Origin {
  const path = tagValue(run.tags, TagKeys.notebookPath);
  return {
    notebookId: tagValue(run.tags, TagKeys.notebookId),
    path,
    notebook: path && lastPart(path),
    cellId: tagValue(run.tags, TagKeys.cellId),
    executionCount: tagValue(run.tags, TagKeys.executionCount)
  };
}

const hasFailed = (model: LoggedModel): boolean =>
  model.status.toUpperCase().includes('FAILED');

/**
 * The logged models of a run, the last one logged first. A name that was
 * logged at several steps (a checkpoint each epoch) counts once, at its last.
 */
export function loggedModelsOf(
  run: Run,
  models: readonly LoggedModel[]
): readonly RunModel[] {
  const known = new Map(models.map(model => [model.modelId, model]));
  const outputs = [...run.modelOutputs].sort((a, b) => b.step - a.step);
  const ids = new Set([
    ...outputs.map(output => output.modelId),
    ...known.keys()
  ]);
  const byName = new Map<string, RunModel>();
  for (const modelId of ids) {
    const model = known.get(modelId);
    const name = model?.name || 'model';
    if (!byName.has(name) && !(model && hasFailed(model))) {
      const source = `models:/${modelId}`;
      byName.set(name, { name, source, modelId, folder: null });
    }
  }
  return [...byName.values()];
}

/** Models of a run before MLflow 3: artifact folders that hold an `MLmodel`. */
export function folderModelsOf(
  run: Run,
  folders: readonly string[]
): readonly RunModel[] {
  const root = run.artifactUri.replace(/\/+$/, '');
  return folders.map(folder => ({
    name: lastPart(folder),
    source: `${root}/${folder}`,
    modelId: null,
    folder
  }));
}

/** A text as a name that the registry takes. */
export function asModelName(text: string): string {
  return text.replace(/[/:]+/g, '-').trim();
}

/**
 * Versions made from this notebook's runs, the last one first.
 * `registrations` are those of every run.
 */
export function earlierRegistrations(
  registrations: ReadonlyMap<RunId, readonly ModelVersion[]>,
  runIds: ReadonlySet<RunId>
): readonly ModelVersion[] {
  return [...registrations]
    .filter(([runId]) => runIds.has(runId))
    .flatMap(([, versions]) => versions)
    .sort((a, b) => (b.creationTimeMs ?? 0) - (a.creationTimeMs ?? 0));
}

/** The name this notebook registered before for such a model, or null. */
export function earlierName(
  model: RunModel,
  models: readonly RunModel[],
  earlier: readonly ModelVersion[]
): string | null {
  if (earlier.some(version => version.name === model.name)) {
    return model.name;
  }
  // With several models the last name may well be another one's.
  return models.length === 1 ? (earlier[0]?.name ?? null) : null;
}

/** What a name may be proposed from. */
export type NameHints = Readonly<{
  model: RunModel;
  models: readonly RunModel[];
  earlier: readonly ModelVersion[];
  /** File name of the notebook, with suffix. */
  notebook: string | null;
  experimentName: string | null;
}>;

/**
 * The name to propose: where this notebook registered before; else the
 * model's own, unless it is generic; else the notebook's; else the experiment's.
 */
export function proposedName(hints: NameHints): string {
  const { model, models, earlier, notebook, experimentName } = hints;
  const before = earlierName(model, models, earlier);
  if (before) {
    return before;
  }
  const own = asModelName(model.name);
  if (own && !GENERIC_NAMES.has(own.toLowerCase())) {
    return own;
  }
  const around =
    notebook?.replace(/\.[^.]+$/, '') ?? lastPart(experimentName ?? '');
  return asModelName(around) || own;
}

/** The model that is chosen at first: one that bears an earlier name, else the last. */
export function firstModel(
  models: readonly RunModel[],
  earlier: readonly ModelVersion[]
): RunModel | null {
  const names = new Set(earlier.map(version => version.name));
  return models.find(model => names.has(model.name)) ?? models[0] ?? null;
}

/**
 * A name as target. `taken` is the highest version ever seen under it: the
 * registry does not give the number of a deleted version again.
 */
export function targetOf(
  name: string,
  model: RegisteredModel | null,
  taken = 0
): Target {
  if (!model) {
    return { name, model, isPrompt: false, nextVersion: 1, champion: null };
  }
  const numbers = model.latestVersions.map(({ version }) => Number(version));
  const champion = model.aliases.find(({ alias }) => alias === CHAMPION);
  return {
    name,
    model,
    isPrompt: isPrompt(model),
    nextVersion: Math.max(0, taken, ...numbers) + 1,
    champion: champion?.version ?? null
  };
}

/** Is this a prompt? Prompts and models share the registry's names. */
export function isPrompt(model: RegisteredModel): boolean {
  return tagValue(model.tags, PROMPT_TAG)?.toLowerCase() === 'true';
}

/** May it happen without a dialog? Deployments may listen to a shared registry. */
export function registersAtOnce(options: {
  model: RunModel | null;
  models: readonly RunModel[];
  earlier: readonly ModelVersion[];
  isShared: boolean;
}): boolean {
  const { model, models, earlier, isShared } = options;
  return (
    !isShared && model !== null && earlierName(model, models, earlier) !== null
  );
}

/** What is wrong with a name, or null. */
export function nameProblem(
  name: string,
  target: Target | null
): NameProblem | null {
  if (!name.trim()) {
    return 'empty';
  }
  if (/[/:]/.test(name)) {
    return 'characters';
  }
  return target?.name === name.trim() && target.isPrompt ? 'prompt' : null;
}

/** What is wrong with an alias, or null. */
export function aliasProblem(alias: string): AliasProblem | null {
  if (!alias.trim()) {
    return 'empty';
  }
  if (/^(latest|v\d+)$/i.test(alias.trim())) {
    return 'reserved';
  }
  return /^[\p{L}\p{N}_-]+$/u.test(alias.trim()) ? null : 'characters';
}
