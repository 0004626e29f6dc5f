import type { TranslationBundle } from '@jupyterlab/translation';
import type { IRunSource } from '../runtable/source';
import type { ColumnStore } from '../store/columnstore';
import type { Connection } from '../tokens';

/** What the rows of a selection need to know of their session. */
export interface IRowsHost {
  readonly connection: Connection;
  /**
   * False while the connection is as remembered: nothing is asked of a store
   * that may be another by now.
   */
  readonly isConfirmed: boolean;
  readonly isPageVisible: boolean;
  readonly source: IRunSource;
  readonly store: ColumnStore;
  readonly trans: TranslationBundle;
  /** Ask the server for the state of the connection. */
  askConnection(): Promise<void>;
  /** Rows were read from the store. */
  onRead(): void;
}
