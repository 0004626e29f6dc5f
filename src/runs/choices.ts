import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { Run } from '../mlflow/entities';
import { TagKeys, tagValue } from '../mlflow/tags';
import type { ColumnChoices } from './chosen';
import { NO_CHOICES } from './chosen';

/** Columns and directions that a user chose, by notebook; shared by all views. */
export interface IChoices {
  /** What was chosen for the runs of a notebook. */
  of(notebookId: string): ColumnChoices;
  keep(notebookId: string, choices: ColumnChoices): void;
  readonly changed: ISignal<IChoices, void>;
}

export const IChoices = new Token<IChoices>(
  'jupyterlab-experiments:IChoices',
  'Columns and directions that a user chose, by notebook.'
);

// Of notebooks not seen for long nothing needs to be remembered.
const MOST_NOTEBOOKS = 200;

/** The choices, in a browser's storage; null keeps them until a reload. */
export class KeptChoices implements IChoices {
  constructor(
    private readonly _storage: Pick<Storage, 'getItem' | 'setItem'> | null,
    private readonly _key: string
  ) {
    this._choices = this._read();
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  of(notebookId: string): ColumnChoices {
    return this._choices.get(notebookId) ?? NO_CHOICES;
  }

  keep(notebookId: string, choices: ColumnChoices): void {
    if (JSON.stringify(this.of(notebookId)) === JSON.stringify(choices)) {
      return;
    }
    this._choices.delete(notebookId);
    this._choices.set(notebookId, choices);
    const [oldest] = this._choices.keys();
    if (this._choices.size > MOST_NOTEBOOKS) {
      this._choices.delete(oldest);
    }
    this._write();
    this._changed.emit();
  }

  private _read(): Map<string, ColumnChoices> {
    try {
      const kept: unknown = JSON.parse(this._storage?.getItem(this._key) ?? '');
      return new Map(
        Object.entries(Object(kept)).flatMap(([id, choices]) =>
          isChoices(choices) ? [[id, choices] as const] : []
        )
      );
    } catch {
      // What cannot be read is a preference at most.
      return new Map();
    }
  }

  private _write(): void {
    const kept = Object.fromEntries(this._choices);
    try {
      this._storage?.setItem(this._key, JSON.stringify(kept));
    } catch {
      // The storage is full or forbidden: the choice lasts until a reload.
    }
  }

  private readonly _changed = new Signal<this, void>(this);
  private readonly _choices: Map<string, ColumnChoices>;
}

function isChoices(value: unknown): value is ColumnChoices {
  const { directions } = Object(value) as Partial<ColumnChoices>;
  return typeof directions === 'object' && directions !== null;
}

/** What was chosen for the notebook that made a run. */
export function choicesOfRun(
  choices: IChoices | null,
  run: Run | undefined
): ColumnChoices {
  const id = run && tagValue(run.tags, TagKeys.notebookId);
  return id && choices ? choices.of(id) : NO_CHOICES;
}
