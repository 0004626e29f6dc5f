import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { IChoices } from '../runs/choices';
import { textAt } from '../runtable/runtable';
import type { INotebookRuns, ITracking } from '../tokens';
import { RunActions } from './actions';
import { comparedRow } from './changes';
import { PanelConnections } from './connections';
import { Curves } from './curves';
import { DetailsModel } from './detailsmodel';
import { Experiments } from './experiments';
import type { KeptState } from './kept';
import { LeftOpen } from './leftopen';
import { Maintenance } from './maintenance';
import { PanelModel } from './model';

/** What the panel is made from. */
export type PanelOptions = Readonly<{
  tracking: ITracking;
  notebooks: INotebookRuns;
  kept: KeptState;
  choices: IChoices;
  commands: CommandRegistry;
  /** Kernels that run now; null while it is not known. */
  kernelIds: () => ReadonlySet<string> | null;
  /** Address of a connection, which is itself a tracking URI. */
  addressOf: (connectionId: string) => string;
  trans: TranslationBundle;
}>;

/** The panel's models, tied together; views and commands share them. */
export class PanelParts {
  constructor(readonly options: PanelOptions) {
    this.model = new PanelModel(options);
    this.details = new DetailsModel(this.model);
    this.details.beforeOf = runId => this.beforeOf(runId);
    this.actions = new RunActions(options.trans);
    this.curves = new Curves(() => this.redraw());
    this.connections = new PanelConnections(this.model, options.trans, () =>
      this.redraw()
    );
    this.maintenance = new Maintenance(this.model, () => this.redraw());
    this.leftOpen = new LeftOpen(this.model, options.kernelIds, () =>
      this.redraw()
    );
    this.model.changed.connect(this._onChanged, this);
    this.details.changed.connect(this.redraw, this);
  }

  readonly model: PanelModel;
  readonly details: DetailsModel;
  readonly actions: RunActions;
  readonly curves: Curves;
  readonly experiments = new Experiments();
  readonly leftOpen: LeftOpen;
  readonly connections: PanelConnections;
  readonly maintenance: Maintenance;

  /** Emitted after anything that is drawn changed; often more than once a frame. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** The filter's box stands under the toolbar, where it is narrow. */
  isFilterOpen = false;
  /** Grows whenever the filter's box shall take the focus. */
  filterRequest = 0;
  /** What a screen reader says next. */
  spoken = '';
  /** Where the rows are scrolled to; kept while the view is away. */
  scrollTop = 0;
  /** Rows that are seen; `end` is one past the last. */
  seen: Readonly<{ first: number; end: number }> = { first: 0, end: 0 };

  /** Show the filter's box and give it the focus. */
  openFilter(): void {
    this.isFilterOpen = true;
    this.filterRequest++;
    this.redraw();
  }

  /** Have a screen reader say something, when it has time. */
  say(text: string): void {
    // Words that stay the same are not said again.
    this.spoken = text === this.spoken ? `${text}\u00a0` : text;
    this.redraw();
  }

  closeFilter(): void {
    this.isFilterOpen = false;
    this.model.runs.setFilter('');
  }

  /** Focus of the grid; set by the widget that holds it. */
  focusGrid: () => void = () => undefined;

  /** Run that a run is compared with, or null. */
  beforeOf(runId: string): string | null {
    const { table } = this.model.runs;
    const row = table.rows.get(runId);
    const before = row === undefined ? -1 : comparedRow(table, row);
    return before < 0 ? null : textAt(table.columns.get('run_id'), before);
  }

  redraw(): void {
    this._changed.emit();
  }

  dispose(): void {
    this.curves.dispose();
    this.connections.dispose();
    this.maintenance.dispose();
    this.details.dispose();
    this.model.dispose();
    Signal.clearData(this);
  }

  private _onChanged(): void {
    if (this.model.isVisible) {
      void this.leftOpen.look();
      this.connections.follow();
    }
    this.redraw();
  }

  private readonly _changed = new Signal<this, void>(this);
}
