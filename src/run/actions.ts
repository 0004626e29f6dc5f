import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { Run } from '../mlflow/entities';
import type { RunPageModel } from './model';

/** What a run's page does beyond its model; given by who makes it. */
export type RunActions = Readonly<{
  /** Run a command; nothing happens where it is missing. */
  execute: (command: string, args: ReadonlyPartialJSONObject) => void;
  /** Is there such a command? Else its button is left out. */
  has: (command: string) => boolean;
  /** Ask for one line of text; null when the person cancels. */
  ask: (title: string, text: string) => Promise<string | null>;
  /** `[7]`: execution count of the run's cell, or null where it has no cell. */
  cellLabel: (run: Run) => string | null;
}>;

/** What the parts of the page share. */
export type PageProps = Readonly<{
  model: RunPageModel;
  run: Run;
  actions: RunActions;
  trans: TranslationBundle;
}>;
