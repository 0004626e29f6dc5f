import type { Message } from '@lumino/messaging';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';
import { giveFirstWidth } from './firstwidth';
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
    const target = grid ?? this.node.querySelector('button');
    target?.focus();
    if (!grid) {
      // Rows that come back, as when a filter is cleared, are drawn soon; who
      // has gone elsewhere meanwhile keeps the focus there.
      window.setTimeout(() => {
        if (this.node.contains(document.activeElement)) {
          this._grid?.focus();
        }
      }, SOON_MS);
    }
  }

  private get _grid(): HTMLElement | null {
    return this.node.querySelector<HTMLElement>('.jp-Experiments-grid');
  }

  protected override render(): React.ReactElement {
    return <PanelView parts={this._parts} />;
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    this._takeFirstWidth();
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this._takeFirstWidth();
  }

  /** Once the side bar is laid out around it. */
  private _takeFirstWidth(): void {
    requestAnimationFrame(() => {
      if (this.isVisible) {
        giveFirstWidth(this);
      }
    });
  }

  protected override onActivateRequest(_: Message): void {
    this.focusGrid();
  }
}
