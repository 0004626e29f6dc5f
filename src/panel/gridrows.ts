import type { TranslationBundle } from '@jupyterlab/translation';
import {
  decimalsFor,
  formatAge,
  formatDuration,
  formatElapsed,
  formatNumber,
  formatTime,
  printNumber
} from '../base/format';
import { cellNumber } from '../runs/celltext';
import type { MetricColumn } from '../runs/columns';
import { bestRow, metricColumnOf } from '../runs/columns';
import type { Row, RunsModel } from '../runs/model';
import { numberAt } from '../runtable/runtable';
import type { GridCell, GridRow, IGridRows } from '../table/rows';
import { markOf, markWord } from '../ui/marks';
import type { MarkStatus } from '../ui/statusmark';
import type { ISession } from '../tokens';
import { changesOf } from './changes';
import type { Curves } from './curves';
import { expectedMs, leftText } from './progress';
import { commonModelName, newestOf, versionChip } from './registrations';
import type { FrameRow } from './words';
import { frameRow, wordsAgo } from './words';

/** What the rows are made from. */
export type RowFacts = Readonly<{
  runs: RunsModel;
  session: ISession | null;
  curves: Curves;
  nowMs: number;
  /** There is a column “Took”. */
  hasTook: boolean;
  isLeftOpen: (runId: string) => boolean;
  experimentName: (experimentId: string) => string | null;
  trans: TranslationBundle;
}>;

// Enough rows to find out how many decimals a column needs.
const SAMPLE = 500;

type MetricLook = Readonly<{
  metric: MetricColumn;
  decimals: number;
  best: number;
}>;

/** The panel's rows, each made when it is drawn. */
export class PanelRows implements IGridRows {
  constructor(private readonly _facts: RowFacts) {
    const { runs } = _facts;
    this.count = runs.rowCount;
    this._looks = [runs.mainMetric, runs.secondMetric].flatMap(metric =>
      metric ? [this._lookOf(metric)] : []
    );
    this._commonName =
      _facts.session &&
      commonModelName(_facts.session.registrations, runId =>
        runs.table.rows.has(runId)
      );
  }

  readonly count: number;

  idAt(index: number): string {
    return this._facts.runs.rowAt(index).runId;
  }

  at(index: number): GridRow {
    const made = this._made.get(index) ?? this._make(index);
    this._made.set(index, made);
    return made;
  }

  private _make(index: number): GridRow {
    const { runs, session, trans } = this._facts;
    const row = runs.rowAt(index);
    const frame = frameRow(runs.table, row.rowIndex);
    const status = this._statusOf(row, frame);
    const statusLabel = frame.isDeleted
      ? trans.__('Deleted')
      : markWord(status, frame.error, trans);
    const versions = session?.registrations.get(row.runId);
    const chip = versionChip(versions, this._commonName);
    const newest = newestOf(versions);
    const cells = this._cells(row, frame, status);
    return {
      runId: row.runId,
      name: frame.name,
      label: this._label({ row, frame, statusLabel, cells }),
      title: this._title(row, frame, statusLabel),
      status,
      statusLabel,
      depth: row.depth,
      fold: row.hasChildren ? (row.isFolded ? 'closed' : 'open') : null,
      chip,
      chipTitle: newest
        ? trans.__('Version %1 of %2', newest.version, newest.name)
        : '',
      progress: status === 'running' ? this._progress(row, frame) : null,
      isChecked: runs.checked.has(row.runId),
      cells
    };
  }

  private _statusOf(row: Row, frame: FrameRow): MarkStatus {
    const mark = markOf(frame.status);
    return mark === 'running' && this._facts.isLeftOpen(row.runId)
      ? 'left'
      : mark;
  }

  private _cells(
    row: Row,
    frame: FrameRow,
    status: MarkStatus
  ): ReadonlyMap<string, GridCell> {
    const { nowMs, hasTook } = this._facts;
    const took = this._tookText(frame, status);
    const isLive = status === 'running';
    const cells = new Map<string, GridCell>();
    this._looks.forEach((look, place) => {
      cells.set(
        `metrics.${look.metric.key}`,
        this._metricCell(row, look, place === 0 ? status : null)
      );
    });
    cells.set('changed', this._changedCell(row));
    const started = formatTime(frame.startMs);
    cells.set('took', { kind: 'text', text: took, title: took });
    cells.set('when', {
      kind: 'text',
      text: isLive && !hasTook ? took : formatAge(frame.startMs, nowMs),
      title: started
    });
    return cells;
  }

  private _tookText(frame: FrameRow, status: MarkStatus): string {
    if (frame.startMs === null) {
      return '–';
    }
    if (status === 'running') {
      return formatElapsed(this._facts.nowMs - frame.startMs);
    }
    return formatDuration(frame.endMs && frame.endMs - frame.startMs);
  }

  private _metricCell(
    row: Row,
    look: MetricLook,
    status: MarkStatus | null
  ): GridCell {
    const { table } = this._facts.runs;
    const value = cellNumber(table, row, `metrics.${look.metric.key}`);
    return {
      kind: 'metric',
      text: formatNumber(value, look.decimals),
      title: value === null ? '' : printNumber(value),
      isBest: row.rowIndex === look.best,
      isFresh: status === 'running',
      curve: status && this._curveOf(row, look.metric.key, status),
      isLive: status === 'running'
    };
  }

  private _curveOf(
    row: Row,
    key: string,
    status: MarkStatus
  ): readonly number[] | null {
    const { session, curves } = this._facts;
    if (!session) {
      return null;
    }
    const live = curves.live(session, row.runId, key);
    return status === 'running'
      ? live
      : (live ?? curves.finished(session, row.runId, key));
  }

  private _changedCell(row: Row): GridCell {
    const { runs, trans } = this._facts;
    return { kind: 'changed', ...changesOf(runs.table, row.rowIndex, trans) };
  }

  private _progress(row: Row, frame: FrameRow): number | null {
    const expected = expectedMs(this._facts.runs.table, row.rowIndex);
    if (expected === null || frame.startMs === null) {
      return null;
    }
    return Math.min(1, (this._facts.nowMs - frame.startMs) / expected);
  }

  private _leftText(row: Row, frame: FrameRow): string | null {
    const { runs, nowMs, trans } = this._facts;
    const expected =
      this._statusOf(row, frame) === 'running'
        ? expectedMs(runs.table, row.rowIndex)
        : null;
    return expected === null || frame.startMs === null
      ? null
      : leftText(frame.startMs + expected - nowMs, trans);
  }

  private _title(row: Row, frame: FrameRow, statusLabel: string): string {
    const { trans, experimentName } = this._facts;
    const experiment = experimentName(frame.experimentId);
    const took = this._tookText(frame, markOf(frame.status));
    return [
      frame.name,
      statusLabel,
      trans.__('Started %1', formatTime(frame.startMs)),
      trans.__('Took %1', took),
      this._leftText(row, frame),
      frame.userId && trans.__('User %1', frame.userId),
      frame.notebookPath && trans.__('Notebook %1', frame.notebookPath),
      experiment && trans.__('Experiment %1', experiment)
    ]
      .filter(Boolean)
      .join('\n');
  }

  private _label(parts: {
    row: Row;
    frame: FrameRow;
    statusLabel: string;
    cells: ReadonlyMap<string, GridCell>;
  }): string {
    const { trans, nowMs, session } = this._facts;
    const { row, frame, cells } = parts;
    const changed = cells.get('changed');
    const newest = newestOf(session?.registrations.get(row.runId));
    return [
      frame.name,
      parts.statusLabel.toLowerCase(),
      ...this._metricWords(cells),
      changed?.kind === 'changed' && changed.title,
      frame.startMs !== null && wordsAgo(nowMs - frame.startMs, trans),
      newest && trans.__('version %1 of %2', newest.version, newest.name)
    ]
      .filter(Boolean)
      .join(', ');
  }

  private _metricWords(cells: ReadonlyMap<string, GridCell>): string[] {
    const key = this._looks[0]?.metric.key;
    const cell = cells.get(`metrics.${key}`);
    if (cell?.kind !== 'metric' || cell.title === '') {
      return [];
    }
    const words = `${key.replace(/[_/]+/g, ' ')} ${cell.text}`;
    return cell.isBest ? [words, this._facts.trans.__('best')] : [words];
  }

  private _lookOf(metric: MetricColumn): MetricLook {
    const { runs } = this._facts;
    const column = metricColumnOf(runs.table, metric.key);
    const length = Math.min(SAMPLE, runs.rowCount);
    const rows = Array.from({ length }, (_, at) => runs.rowAt(at).rowIndex);
    const values = column ? rows.map(row => numberAt(column, row)) : [];
    const count = values.filter(value => value !== null).length;
    return {
      metric,
      decimals: decimalsFor(values),
      // The only value is not the best of anything.
      best: count > 1 ? bestRow(column, rows, metric.direction) : -1
    };
  }

  private readonly _looks: readonly MetricLook[];
  private readonly _commonName: string | null;
  private readonly _made = new Map<number, GridRow>();
}
