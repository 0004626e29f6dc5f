import type { Message } from '@lumino/messaging';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { PanelParts } from './parts';
import { PanelView } from './view';

/** What the panel shows, once it has been shown for the first time. */
export class PanelContent extends ReactWidget {
  constructor(private readonly _parts: PanelParts) {
    super();
    this.addClass('jp-Experiments-panelContent');
    _parts.focusGrid = () => this.focusGrid();
  }

  /** Give the focus to the rows, or to the first thing there is. */
  focusGrid(): void {
    const { node } = this;
    const target =
      node.querySelector<HTMLElement>('.jp-Experiments-grid') ??
      node.querySelector<HTMLElement>('button');
    target?.focus();
  }

  protected override render(): React.ReactElement {
    return <PanelView parts={this._parts} />;
  }

  protected override onActivateRequest(_: Message): void {
    this.focusGrid();
  }
}
