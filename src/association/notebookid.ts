function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Notebook id in metadata that may be anything; null where there is none. */
export function readNotebookId(metadata: unknown): string | null {
  const id = isObject(metadata) ? metadata.notebook_id : null;
  return typeof id === 'string' && /^[\w-]{8,64}$/.test(id) ? id : null;
}

/** Metadata of ours with a notebook's id, the rest kept. */
export function withNotebookId(
  metadata: unknown,
  id: string
): Readonly<Record<string, unknown>> {
  return { ...(isObject(metadata) ? metadata : {}), notebook_id: id };
}
