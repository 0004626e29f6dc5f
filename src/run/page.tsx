import { ReactWidget } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Message } from '@lumino/messaging';
import * as React from 'react';
import { CommandIDs } from '../commands';
import type { RunId } from '../mlflow/entities';
import type { IChoices } from '../runs/choices';
import type { ISession } from '../tokens';
import { Banner } from '../ui/notice';
import { useSignal } from '../ui/usesignal';
import type { PageProps, RunActions } from './actions';
import { RunMetrics } from './metrics';
import { RunPageModel } from './model';
import { RunHeader, RunNote, RunTags } from './overview';
import {
  RunArtifacts,
  RunChildren,
  RunDatasets,
  RunModels,
  RunParams,
  SystemMetrics
} from './sections';
import { SinceCard } from './since';

function ToolbarButton(
  props: PageProps & {
    label: string;
    command: string;
    args: Readonly<Record<string, string | string[]>>;
    isPrimary?: boolean;
  }
): React.ReactElement | null {
  const { actions, label, command, args, isPrimary } = props;
  return actions.has(command) ? (
    <button
      type="button"
      className={
        isPrimary ? 'jp-Experiments-primary' : 'jp-Experiments-secondary'
      }
      onClick={() => actions.execute(command, args)}
    >
      {label}
    </button>
  ) : null;
}

function Toolbar(props: PageProps): React.ReactElement {
  const { run, model, actions, trans } = props;
  const { runId } = run;
  const before = model.neighbours.since(run)?.before.runId;
  return (
    <div className="jp-Experiments-runToolbar" role="toolbar">
      <ToolbarButton
        {...props}
        isPrimary
        label={trans.__('Register model')}
        command={CommandIDs.registerModel}
        args={{ runId }}
      />
      {before && (
        <ToolbarButton
          {...props}
          label={trans.__('Compare with before')}
          command={CommandIDs.compareRuns}
          args={{ runIds: [runId, before] }}
        />
      )}
      <ToolbarButton
        {...props}
        label={trans.__('Insert code')}
        command={CommandIDs.insertCode}
        args={{ runId, snippet: 'params' }}
      />
      {actions.cellLabel(run) !== null && (
        <ToolbarButton
          {...props}
          label={trans.__('Show cell')}
          command={CommandIDs.showCell}
          args={{ runId }}
        />
      )}
    </div>
  );
}

/** Everything about one run. */
export function RunPage(props: Omit<PageProps, 'run'>): React.ReactElement {
  const { model, trans } = props;
  useSignal(model.changed);
  const { run, error } = model;
  if (!run) {
    return <p role="status">{error ?? trans.__('Loading the run…')}</p>;
  }
  const parts: PageProps = { ...props, run };
  return (
    <>
      <Toolbar {...parts} />
      {error !== null && (
        <Banner
          tone="error"
          text={error}
          actions={[
            { label: trans.__('Try again'), run: () => void model.refresh() }
          ]}
        />
      )}
      <RunHeader {...parts} />
      <div className="jp-Experiments-noteLine">
        <RunNote {...parts} />
        <RunTags {...parts} />
      </div>
      <SinceCard {...parts} />
      <div className="jp-Experiments-runColumns">
        <div>
          <RunMetrics {...parts} />
          <RunParams {...parts} />
        </div>
        <div>
          <RunModels {...parts} />
          <RunArtifacts {...parts} />
          <RunDatasets {...parts} />
          <RunChildren {...parts} />
          <SystemMetrics {...parts} />
        </div>
      </div>
    </>
  );
}

/** The page of a run, as a widget for a tab. */
export class RunPageWidget extends ReactWidget {
  constructor(
    private readonly _options: Readonly<{
      session: ISession;
      runId: RunId;
      choices?: IChoices | null;
      actions: RunActions;
      trans: TranslationBundle;
    }>
  ) {
    super();
    this.addClass('jp-Experiments-runPage');
    this.model = new RunPageModel(
      _options.session,
      _options.runId,
      _options.choices
    );
  }

  readonly model: RunPageModel;

  override dispose(): void {
    if (!this.isDisposed) {
      this.model.dispose();
      super.dispose();
    }
  }

  protected override render(): React.ReactElement {
    const { actions, trans } = this._options;
    return <RunPage model={this.model} actions={actions} trans={trans} />;
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.model.neighbours.isVisible = true;
  }

  protected override onAfterHide(message: Message): void {
    super.onAfterHide(message);
    this.model.neighbours.isVisible = false;
  }
}
