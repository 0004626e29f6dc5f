import type { ExperimentId } from '../mlflow/entities';
import type { RunSelection } from '../runtable/source';
import type { INotebookContext } from '../tokens';

/** Whose runs the panel shows. */
export type Scope =
  | Readonly<{ kind: 'notebook' }>
  | Readonly<{
      kind: 'experiment';
      experimentId: ExperimentId;
      name: string;
      connectionId?: string;
    }>
  | Readonly<{ kind: 'all' }>;

/** Runs of a scope, or null where there is nothing to show them of. */
export function selectionOf(
  scope: Scope,
  notebook: INotebookContext | null,
  isShowingDeleted: boolean
): RunSelection | null {
  const viewType = isShowingDeleted ? 'ALL' : 'ACTIVE_ONLY';
  if (scope.kind === 'experiment') {
    return { experimentIds: [scope.experimentId], viewType };
  }
  if (scope.kind === 'all') {
    return { viewType };
  }
  return (
    notebook && {
      notebook: { id: notebook.notebookId, path: notebook.path },
      viewType
    }
  );
}
