import type { Connection, Freshness, INotebookContext } from '../tokens';
import type { PanelTask } from './maintenance';

/** What a banner's button does. */
export type BannerAct =
  | 'try'
  | 'test'
  | 'copyEnable'
  | 'markStopped'
  | 'copyHosts'
  | 'insertInstall'
  | 'copyAddress'
  | 'showLog'
  | 'upgrade'
  | 'otherPython'
  | 'copyRuns'
  | 'declineCopy'
  | 'copySqliteUri'
  | 'showCopied'
  | 'closeTask'
  | 'showOffer'
  | 'declineOffer'
  | 'useDefault';

/** A banner, as words and acts. */
export type BannerText = Readonly<{
  text: string;
  tone: 'calm' | 'warning' | 'error';
  acts: readonly Readonly<{ act: BannerAct; label: string }>[];
}>;

/** What the banners depend on. */
export type BannerFacts = Readonly<{
  hasServer: boolean | null;
  connection: Connection | null;
  freshness: Freshness;
  notebook: INotebookContext | null;
  runCount: number;
  leftOpenCount: number;
  nowMs: number;
  /** MLflow that serves local stores; null where it is not known. */
  mlflowVersion: string | null;
  /** Upgrade or copy of this connection that was asked for, or null. */
  task: PanelTask | null;
  /** “Not now” was said to the copy of its files. */
  isCopyDeclined: boolean;
  /** A store beside the notebook to offer, or null. */
  offer: Connection | null;
  /** Instead of the notebook's connection, which is no longer there; or null. */
  replacement: Connection | null;
}>;
