import { CONTRACT } from '../contract';
import type { ModelOutput, Run, Tag } from './entities';

/** Keys of the tags that MLflow and we put on runs. */
export const TagKeys = { ...CONTRACT.tags, ...CONTRACT.mlflowTags } as const;

const RESERVED = /^(mlflow|jupyter)\./;

/** Value of a tag, or null where it is missing. */
export function tagValue(tags: readonly Tag[], key: string): string | null {
  return tags.find(tag => tag.key === key)?.value ?? null;
}

/** True for tags that people did not set by hand. */
export function isReservedTag(key: string): boolean {
  return RESERVED.test(key);
}

/** Tags that people set, in the order of their keys. */
export function userTags(tags: readonly Tag[]): readonly Tag[] {
  return tags
    .filter(tag => !isReservedTag(tag.key))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Id of the run that this one is a child of, or null. */
export function parentRunId(run: Run): string | null {
  return tagValue(run.tags, TagKeys.parentRunId);
}

/** The note people wrote, Markdown; empty where there is none. */
export function note(run: Run): string {
  return tagValue(run.tags, TagKeys.note) ?? '';
}

/**
 * Models that a run of MLflow 2 names in its tag: their artifact paths below
 * the run. Newer runs carry `modelOutputs` instead.
 */
export function modelPathsOfTag(tags: readonly Tag[]): readonly string[] {
  const value = tagValue(tags, 'mlflow.log-model.history');
  if (value === null) {
    return [];
  }
  try {
    const entries: unknown = JSON.parse(value);
    return Array.isArray(entries) ? entries.flatMap(pathOf) : [];
  } catch {
    // A value cut by an old server is no JSON: the run then names no model.
    return [];
  }
}

function pathOf(entry: unknown): string[] {
  const path = (entry as { artifact_path?: unknown } | null)?.artifact_path;
  return typeof path === 'string' ? [path] : [];
}

/** The newest model among a run's outputs, or null. */
export function latestModel(run: Run): ModelOutput | null {
  return run.modelOutputs.reduce<ModelOutput | null>(
    (latest, output) =>
      !latest || output.step >= latest.step ? output : latest,
    null
  );
}
