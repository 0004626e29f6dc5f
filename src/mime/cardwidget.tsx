import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { RunCardProps } from './runcard';
import { RunCardView } from './runcard';

/** A run's card as a widget. */
export class RunCardWidget extends ReactWidget {
  constructor(private readonly _props: RunCardProps) {
    super();
    this.addClass('jp-Experiments-runCard');
  }

  protected render(): React.ReactElement {
    return <RunCardView {...this._props} />;
  }
}
