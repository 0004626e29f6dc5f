import { Notification } from '@jupyterlab/apputils';
import type { CommandRegistry } from '@lumino/commands';
import type { TranslationBundle } from '@jupyterlab/translation';
import { formatDuration, formatNumber } from '../base/format';
import { CommandIDs } from '../commands';
import type { RunId } from '../mlflow/entities';
import { TagKeys } from '../mlflow/tags';
import { bestRow, metricColumnOf } from '../runs/columns';
import { numberAt, textAt } from '../runtable/runtable';
import type { RunPatch } from '../runtable/patch';
import type { ISession } from '../tokens';
import type { PanelModel } from './model';
import { eventWords } from './words';

const LONG_MS = 60_000;

const SHOWN_MS = 10_000;

/** One run that is going. */
export type GoingRun = Readonly<{ runId: RunId; text: string }>;

export type AnnouncerOptions = Readonly<{
  model: PanelModel;
  commands: CommandRegistry;
  isNotifying: () => boolean;
  /** The newest run that is going, or null when none is. */
  onGoing: (run: GoingRun | null) => void;
  /** Have a screen reader say something. */
  say: (text: string) => void;
  trans: TranslationBundle;
}>;

/** Tells of the run that is going, and of long ones that end unseen. */
export class Announcer {
  constructor(private readonly _options: AnnouncerOptions) {
    _options.model.changed.connect(this._follow, this);
    this._follow();
  }

  dispose(): void {
    this._options.model.changed.disconnect(this._follow, this);
    this._session?.runChanged.disconnect(this._onPatch, this);
  }

  private _follow(): void {
    const { model, onGoing } = this._options;
    if (model.session !== this._session) {
      this._session?.runChanged.disconnect(this._onPatch, this);
      model.session?.runChanged.connect(this._onPatch, this);
      this._session = model.session;
    }
    onGoing(this._going());
  }

  private _going(): GoingRun | null {
    const { runs } = this._options.model;
    const { table } = runs;
    const status = table.columns.get('status');
    for (let row = 0; row < table.rowCount; row++) {
      if (textAt(status, row) === 'RUNNING') {
        const runId = textAt(table.columns.get('run_id'), row) ?? '';
        return { runId, text: this._textOf(row) };
      }
    }
    return null;
  }

  private _textOf(row: number): string {
    const { runs } = this._options.model;
    const name = textAt(runs.table.columns.get('run_name'), row) ?? '';
    const metric = this._metricOf(row);
    return metric ? `${name} · ${metric}` : name;
  }

  private _metricOf(row: number): string | null {
    const { runs } = this._options.model;
    const key = runs.mainMetric?.key;
    const value = numberAt(runs.table.columns.get(`metrics.${key}`), row);
    return value === null ? null : `${key} ${formatNumber(value)}`;
  }

  private _onPatch(_: ISession, patch: RunPatch): void {
    const { model, isNotifying } = this._options;
    const isSeen = model.isVisible && !document.hidden;
    this._say(patch);
    if (patch.event === 'ended' && !isSeen && isNotifying()) {
      this._tell(patch);
    }
  }

  /** A run of these rows that starts or ends is said; numbers are not. */
  private _say(patch: RunPatch): void {
    const { model, say, trans } = this._options;
    const { table } = model.runs;
    const row = table.rows.get(patch.runId);
    if (row !== undefined) {
      const name = textAt(table.columns.get('run_name'), row);
      const words = eventWords(patch, name || patch.runId, trans);
      if (words !== null) {
        say(words);
      }
    }
  }

  private _tell(patch: RunPatch): void {
    const { table } = this._options.model.runs;
    const row = table.rows.get(patch.runId);
    if (row === undefined) {
      return;
    }
    const start =
      patch.startTimeMs ?? numberAt(table.columns.get('start_time'), row);
    const took = start === null ? 0 : (patch.endTimeMs ?? Date.now()) - start;
    if (took > LONG_MS) {
      const name = textAt(table.columns.get('run_name'), row) ?? '';
      const span = formatDuration(took);
      if (patch.status === 'FAILED') {
        this._tellFailure(patch, name, span);
      } else {
        this._tellEnd(patch.runId, this._endText(row, name, span));
      }
    }
  }

  private _tellFailure(patch: RunPatch, name: string, span: string): void {
    const { commands, trans } = this._options;
    const { runId } = patch;
    const error = patch.tags.get(TagKeys.error) ?? '';
    Notification.error(trans.__('%1 failed after %2: %3', name, span, error), {
      autoClose: false,
      actions: [
        {
          label: trans.__('Show the cell'),
          callback: () => void commands.execute(CommandIDs.showCell, { runId })
        }
      ]
    });
  }

  private _tellEnd(runId: RunId, text: string): void {
    const { commands, trans } = this._options;
    Notification.success(text, {
      autoClose: SHOWN_MS,
      actions: [
        {
          label: trans.__('Show'),
          callback: () => void commands.execute(CommandIDs.selectRun, { runId })
        }
      ]
    });
  }

  private _endText(row: number, name: string, span: string): string {
    const { model, trans } = this._options;
    const { runs } = model;
    const metric = this._metricOf(row);
    const main = runs.mainMetric;
    const column = metricColumnOf(runs.table, main?.key);
    const all = runs.table.rows.values();
    const isBest = main && bestRow(column, all, main.direction) === row;
    const words = trans.__('%1 finished in %2.', name, span);
    if (!metric) {
      return words;
    }
    return isBest
      ? trans.__('%1 %2, the best so far.', words, metric)
      : `${words} ${metric}.`;
  }

  private _session: ISession | null = null;
}
