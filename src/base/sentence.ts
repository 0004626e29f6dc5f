/** What failed, as the one who failed says it. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
