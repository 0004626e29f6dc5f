import type * as Plotly from 'plotly.js/lib/core';
import type { Figure } from './figure';

type Library = (typeof Plotly)['default'];

let library: Promise<Library> | null = null;

/** Plotly with the traces in use; a chunk that the first chart fetches. */
function loadPlotly(): Promise<Library> {
  library ??= fetchPlotly().catch(error => {
    // The next chart may try again.
    library = null;
    throw error;
  });
  return library;
}

async function fetchPlotly(): Promise<Library> {
  const [core, scatter] = await Promise.all([
    import('plotly.js/lib/core'),
    import('plotly.js/lib/scatter')
  ]);
  core.default.register([scatter.default]);
  return core.default;
}

/** A node that shows figures; dispose of it with its view. */
export class FigureCanvas {
  constructor(private readonly _node: HTMLElement) {}

  /** Draw a figure, or change the one that is drawn. */
  async draw(figure: Figure): Promise<void> {
    const plotly = await loadPlotly();
    if (this._isDisposed) {
      return;
    }
    this._plotly = plotly;
    await plotly.react(
      this._node,
      figure.traces.map(trace => ({ ...trace })),
      { ...figure.layout } as Partial<Plotly.Layout>,
      { displaylogo: false, responsive: false, displayModeBar: false }
    );
  }

  /** Fit the figure to the node's size. */
  resize(): void {
    if (this._plotly && this._node.clientWidth > 0) {
      void this._plotly.Plots.resize(this._node);
    }
  }

  dispose(): void {
    this._isDisposed = true;
    this._plotly?.purge(this._node);
    this._plotly = null;
  }

  private _plotly: Library | null = null;
  private _isDisposed = false;
}
