import type { Tag } from '../mlflow/entities';

/** Tags as lines `key=value`; line breaks in values are escaped. */
export function printTags(tags: readonly Tag[]): string {
  return tags
    .map(({ key, value }) => `${key}=${value.replace(/\r?\n/g, '\\n')}`)
    .join('\n');
}

/** Lines `key=value` as tags; lines without a key are left out. */
export function parseTags(text: string): ReadonlyMap<string, string> {
  const tags = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const at = line.indexOf('=');
    const key = (at < 0 ? line : line.slice(0, at)).trim();
    if (key) {
      const value = at < 0 ? '' : line.slice(at + 1).trim();
      tags.set(key, value.replace(/\\n/g, '\n'));
    }
  }
  return tags;
}
