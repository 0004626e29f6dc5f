import type { InsertCodeArgs } from '../commands';
import type { Run, RunId } from '../mlflow/entities';
import { isMissing } from '../mlflow/errors';
import { latestModel, modelPathsOfTag, tagValue } from '../mlflow/tags';
import { readFilter } from '../runs/filter';
import type { ModelAddress } from '../runs/snippets';
import {
  SYSTEM_METRICS_SNIPPET,
  historySnippet,
  loadModelSnippet,
  logModelSnippet,
  paramsSnippet,
  tableSnippet
} from '../runs/snippets';
import type { ISession } from '../tokens';
import type { PanelModel } from './model';

type Snippet = InsertCodeArgs['snippet'];

/** Which model of a run to load; null where it has none. */
function addressOf(run: Run): ModelAddress | null {
  const output = latestModel(run);
  if (output) {
    return { modelId: output.modelId };
  }
  const path = [...modelPathsOfTag(run.tags)].pop();
  return path === undefined ? null : { runId: run.runId, path };
}

/** Code that gives the same table. */
function tableCode(model: PanelModel): string | null {
  const { runs } = model;
  const { selection } = runs.view ?? {};
  if (!selection) {
    return null;
  }
  const text = runs.filterProblem ? '' : runs.filterText;
  const filter = readFilter(text);
  return tableSnippet({
    selection,
    filter: filter.kind === 'expression' ? filter.expression : null,
    sort: runs.sort,
    runIds: runs.matchingIds(),
    isFiltered: text !== ''
  });
}

/** Does the store have logged models? Those before MLflow 3 have not. */
async function hasLoggedModels(session: ISession, run: Run): Promise<boolean> {
  try {
    await session.client.searchLoggedModels(run.runId, run.experimentId);
    return true;
  } catch (error) {
    if (isMissing(error)) {
      return false;
    }
    throw error;
  }
}

async function logModelCode(session: ISession, run: Run): Promise<string> {
  const flavor = tagValue(run.tags, 'mlflow.autologging');
  return logModelSnippet(flavor, await hasLoggedModels(session, run));
}

type RunSnippet = Exclude<Snippet, 'table' | 'systemMetrics'>;

async function runCode(
  session: ISession,
  snippet: RunSnippet,
  runId: RunId
): Promise<string | null> {
  const run = await session.client.getRun(runId);
  switch (snippet) {
    case 'params':
      return paramsSnippet(run.params);
    case 'history':
      return historySnippet(
        runId,
        run.metrics.map(({ key }) => key)
      );
    case 'logModel':
      return logModelCode(session, run);
    case 'loadModel': {
      const address = addressOf(run);
      return address && loadModelSnippet(address);
    }
  }
}

/** What the code is about. */
export type SnippetTarget = Readonly<{
  session: ISession | null;
  runId: RunId | null;
}>;

/** The code that “Insert code” inserts; null where there is nothing to insert. */
export async function snippetCode(
  model: PanelModel,
  snippet: Snippet,
  { session, runId }: SnippetTarget
): Promise<string | null> {
  switch (snippet) {
    case 'table':
      return tableCode(model);
    case 'systemMetrics':
      return SYSTEM_METRICS_SNIPPET;
    default:
      return session && runId !== null
        ? runCode(session, snippet, runId)
        : null;
  }
}
