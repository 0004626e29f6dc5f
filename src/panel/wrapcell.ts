/** A cell's source under `%%run`, named like its notebook's other runs. */
export function wrappedSource(source: string): string {
  return /^\s*%%run\b/.test(source) ? source : `%%run\n${source}`;
}
