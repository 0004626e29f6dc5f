import type { SortKey } from '../runs/sort';
import type { Scope } from './scope';

/** What the panel remembers of one notebook. */
export type KeptView = Readonly<{
  scope?: Scope;
  sort?: readonly SortKey[];
}>;

type Kept = {
  detailsHeight: number | null;
  views: Record<string, KeptView>;
  /** Offers that were answered with “Not now”. */
  declined?: readonly string[];
};

// Of notebooks not seen for long nothing needs to be remembered.
const MOST_VIEWS = 200;
const MOST_DECLINED = 500;

/** The panel's own memory, in the browser's local storage. */
export class KeptState {
  /** `key` tells apart the servers and users of one origin. */
  constructor(
    private readonly _key: string,
    private readonly _storage: Pick<Storage, 'getItem' | 'setItem'> | null
  ) {
    this._kept = this._read();
  }

  viewOf(id: string): KeptView {
    return this._kept.views[id] ?? {};
  }

  keepView(id: string, view: KeptView): void {
    const recent = Object.entries(this._kept.views)
      .filter(([other]) => other !== id)
      .slice(1 - MOST_VIEWS);
    this._kept.views = { ...Object.fromEntries(recent), [id]: view };
    this._write();
  }

  isDeclined(offer: string): boolean {
    return this._kept.declined?.includes(offer) ?? false;
  }

  /** Never make this offer again. */
  decline(offer: string): void {
    const before = (this._kept.declined ?? []).filter(one => one !== offer);
    this._kept.declined = [...before.slice(1 - MOST_DECLINED), offer];
    this._write();
  }

  /** Height of the details in pixels, or null at first. */
  get detailsHeight(): number | null {
    return this._kept.detailsHeight;
  }

  set detailsHeight(height: number | null) {
    this._kept.detailsHeight = height;
    this._write();
  }

  private _read(): Kept {
    const empty: Kept = { detailsHeight: null, views: {} };
    try {
      const text = this._storage?.getItem(this._key);
      const kept: unknown = text ? JSON.parse(text) : null;
      return isKept(kept) ? kept : empty;
    } catch {
      // What cannot be read is a preference at most.
      return empty;
    }
  }

  private _write(): void {
    try {
      this._storage?.setItem(this._key, JSON.stringify(this._kept));
    } catch {
      // The storage is full or forbidden: the choice lasts until a reload.
    }
  }

  private readonly _kept: Kept;
}

function isKept(value: unknown): value is Kept {
  const kept = value as Partial<Kept> | null;
  return (
    typeof kept === 'object' &&
    kept !== null &&
    Array.isArray(kept.declined ?? []) &&
    typeof kept.views === 'object' &&
    kept.views !== null
  );
}
