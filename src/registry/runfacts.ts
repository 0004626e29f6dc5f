/**
 * What is to be known of a run before it is registered.
 */
import type { ModelVersion, Run, RunId } from '../mlflow/entities';
import { isMissing, MlflowError } from '../mlflow/errors';
import { modelPathsOfTag } from '../mlflow/tags';
import type { IRunView, ISession } from '../tokens';
import type { RunModel } from './registerplan';
import {
  earlierRegistrations,
  folderModelsOf,
  loggedModelsOf,
  originOf
} from './registerplan';

/** What is known of a run before it is registered. */
export type RunFacts = Readonly<{
  run: Run;
  models: readonly RunModel[];
  /** Versions made from runs of the same notebook, the last first. */
  earlier: readonly ModelVersion[];
  experimentName: string | null;
}>;

/** Which run, and where its notebook lies now, if it is open. */
export type FactsQuery = Readonly<{
  runId: RunId;
  pathOf: (notebookId: string) => string | null;
}>;

// A run of MLflow 2 with more folders than this is no longer looked through.
const MOST_FOLDERS = 20;

/** The run, its models, and what its notebook registered before. */
export async function readRunFacts(
  session: ISession,
  query: FactsQuery,
  signal: AbortSignal = new AbortController().signal
): Promise<RunFacts> {
  const { runId, pathOf } = query;
  const run = await session.client.getRun(runId, signal);
  const [models, earlier, experimentName] = await Promise.all([
    modelsOf(session, run, signal),
    earlierOf(session, run, pathOf),
    experimentNameOf(session, run, signal)
  ]);
  return { run, models, earlier, experimentName };
}

async function modelsOf(
  session: ISession,
  run: Run,
  signal: AbortSignal
): Promise<readonly RunModel[]> {
  let logged: readonly RunModel[] = [];
  try {
    const { runId, experimentId } = run;
    logged = loggedModelsOf(
      run,
      await session.client.searchLoggedModels(runId, experimentId, signal)
    );
  } catch (error) {
    if (!isMissing(error)) {
      throw error;
    }
    logged = loggedModelsOf(run, []);
  }
  return logged.length > 0
    ? logged
    : folderModelsOf(run, await modelFolders(session, run, signal));
}

/** Folders below a run's artifacts that hold an `MLmodel`. */
async function modelFolders(
  session: ISession,
  run: Run,
  signal: AbortSignal
): Promise<readonly string[]> {
  const named = modelPathsOfTag(run.tags);
  const root = await session.client.listArtifacts(run.runId, '', signal);
  const folders = root.filter(file => file.isFolder).map(file => file.path);
  const candidates = [...new Set([...named, ...folders])];
  const found = await Promise.all(
    candidates.slice(0, MOST_FOLDERS).map(async folder => {
      const files = await session.client.listArtifacts(
        run.runId,
        folder,
        signal
      );
      return files.some(file => file.path === `${folder}/MLmodel`);
    })
  );
  return candidates.filter((_, index) => found[index]);
}

async function earlierOf(
  session: ISession,
  run: Run,
  pathOf: FactsQuery['pathOf']
): Promise<readonly ModelVersion[]> {
  const { notebookId, path } = originOf(run);
  if (!notebookId) {
    return [];
  }
  const notebook = { id: notebookId, path: pathOf(notebookId) ?? path ?? '' };
  const view = session.openView({ notebook });
  try {
    await settled(view);
    if (session.registrations.size === 0) {
      await session.refreshRegistrations();
    }
    const ids = new Set(view.table.rows.keys());
    return earlierRegistrations(session.registrations, ids);
  } finally {
    view.dispose();
  }
}

async function experimentNameOf(
  session: ISession,
  run: Run,
  signal: AbortSignal
): Promise<string | null> {
  try {
    const { experimentId } = run;
    return (await session.client.getExperiment(experimentId, signal)).name;
  } catch (error) {
    // Only a proposal hangs on it, as the last of three.
    if (error instanceof MlflowError && error.kind !== 'cancelled') {
      return null;
    }
    throw error;
  }
}

/** Wait until a view has rows, or its store has answered once. */
async function settled(view: IRunView): Promise<void> {
  if (view.table.rowCount === 0) {
    await view.refresh();
  }
}
