import type { Message } from '@lumino/messaging';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { PanelParts } from './parts';
import { PanelView } from './view';

const SOON_MS = 60;

/** What the panel shows, once it has been shown for the first time. */
export class PanelContent extends ReactWidget {
  constructor(private readonly _parts: PanelParts) {
    super();
    this.addClass('jp-Experiments-panelContent');
    _parts.focusGrid = () => this.focusGrid();
  }

  /** Give the focus to the rows, or to the first thing there is. */
  focusGrid(): void {
    const grid = this._grid;
    if (grid) {
      grid.focus();
      return;
    }
    // Rows that come back, as when a filter is cleared, are drawn soon. Whoever
    // has gone elsewhere meanwhile keeps the focus there.
    const before = document.activeElement;
    window.setTimeout(() => {
      if (document.activeElement !== before) {
        return;
      }
      const target = this._grid ?? this.node.querySelector('button');
      target?.focus();
    }, SOON_MS);
  }

  private get _grid(): HTMLElement | null {
    return this.node.querySelector<HTMLElement>('.jp-Experiments-grid');
  }

  protected override render(): React.ReactElement {
    return <PanelView parts={this._parts} />;
  }

  protected override onActivateRequest(_: Message): void {
    this.focusGrid();
  }
}
