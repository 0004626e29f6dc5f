/**
 * Which columns a request asks for: names, and `metrics.*`, `params.*`,
 * `tags.*` for all keys of a kind.
 */
export class WantedColumns {
  constructor(columns: readonly string[]) {
    this._names = new Set(columns);
    this._wild = columns
      .filter(name => name.endsWith('.*'))
      .map(name => name.slice(0, -1));
  }

  has(name: string): boolean {
    return (
      this._names.has(name) || this._wild.some(kind => name.startsWith(kind))
    );
  }

  private readonly _names: ReadonlySet<string>;
  private readonly _wild: readonly string[];
}
