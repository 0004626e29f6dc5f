/** `key` as the language wants it: in backticks where it is no plain word. */
export function quotedKey(name: string): string {
  const dot = name.indexOf('.');
  const key = name.slice(dot + 1);
  return /^[A-Za-z_][\w.]*$/.test(key)
    ? name
    : `${name.slice(0, dot + 1)}\`${key}\``;
}

/** The text with its last word completed by each fitting key. */
export function completionsOf(
  text: string,
  keys: readonly string[]
): readonly string[] {
  const word = /[^\s(]*$/.exec(text)?.[0] ?? '';
  if (!/^(metrics|params|tags)\./.test(word)) {
    return [];
  }
  const head = text.slice(0, text.length - word.length);
  const start = word.replace(/`/g, '').toLowerCase();
  return keys
    .filter(key => key.toLowerCase().startsWith(start))
    .slice(0, 20)
    .map(key => `${head}${quotedKey(key)} `);
}

const ENTITIES = ['metrics.', 'params.', 'tags.', 'attributes.', 'datasets.'];

/** Is this the beginning of an expression, which is no plain word to search for? */
export function isUnfinished(text: string): boolean {
  const word = text.trim();
  const isBeginning =
    word.length > 3 && ENTITIES.some(entity => entity.startsWith(word));
  return (
    isBeginning || /^(metrics|params|tags|attributes|datasets)\.\S*$/.test(word)
  );
}
