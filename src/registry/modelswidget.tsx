import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { ModelsModel } from './modelsmodel';
import type { PageProps } from './modelspage';
import { ModelsPage } from './modelspage';

/** The page as a widget; reads when it is shown. */
export class ModelsWidget extends ReactWidget {
  constructor(private readonly _props: PageProps) {
    super();
    this.addClass('jp-Experiments-models');
    this.node.tabIndex = -1;
  }

  get model(): ModelsModel {
    return this._props.model;
  }

  override dispose(): void {
    this._props.model.dispose();
    super.dispose();
  }

  protected override onAfterShow(): void {
    void this._props.model.refresh();
  }

  protected override onActivateRequest(): void {
    this.node.focus();
  }

  protected override render(): React.ReactElement {
    return <ModelsPage {...this._props} />;
  }
}
