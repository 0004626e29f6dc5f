import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { formatAge, formatNumber, formatTime } from '../base/format';
import type { ModelVersion, Run } from '../mlflow/entities';
import { mainMetricOf } from './checks';
import type { ModelsModel, OpenModel } from './modelsmodel';
import { aliasesOf } from './modelsmodel';
import type { ModelsActions } from './modelspage';
import { CHAMPION } from './registerplan';

type SectionProps = Readonly<{
  model: ModelsModel;
  opened: OpenModel;
  actions: ModelsActions;
  trans: TranslationBundle;
}>;

/** The versions of one registered model, with their aliases and runs. */
export function ModelSection(props: SectionProps): React.ReactElement {
  const { model, opened, trans } = props;
  const description = model.find(opened.name)?.model.description;
  return (
    <section
      className="jp-Experiments-modelSection"
      aria-label={trans.__('Versions of %1', opened.name)}
    >
      <header>
        <h3>{opened.name}</h3>
        <button
          type="button"
          className="jp-Experiments-iconButton"
          title={trans.__('Close the versions')}
          aria-label={trans.__('Close the versions')}
          onClick={() => model.close()}
        >
          ✕
        </button>
      </header>
      {description && <p>{description}</p>}
      {opened.versions === null ? (
        <p className="jp-Experiments-muted">
          {trans.__('Reading the versions…')}
        </p>
      ) : (
        <Versions {...props} versions={opened.versions} />
      )}
    </section>
  );
}

function Versions(
  props: SectionProps & Readonly<{ versions: readonly ModelVersion[] }>
): React.ReactElement {
  const { versions, trans } = props;
  if (versions.length === 0) {
    return <p className="jp-Experiments-muted">{trans.__('No versions.')}</p>;
  }
  return (
    <table className="jp-Experiments-modelsTable">
      <thead>
        <tr>
          <th scope="col">{trans.__('Version')}</th>
          <th scope="col">{trans.__('Aliases')}</th>
          <th scope="col">{trans.__('Run')}</th>
          <th scope="col" className="jp-mod-number">
            {trans.__('Main metric')}
          </th>
          <th scope="col">{trans.__('Registered')}</th>
        </tr>
      </thead>
      <tbody>
        {versions.map(version => (
          <VersionRow key={version.version} {...props} version={version} />
        ))}
      </tbody>
    </table>
  );
}

function VersionRow(
  props: SectionProps & Readonly<{ version: ModelVersion }>
): React.ReactElement {
  const { opened, version, trans } = props;
  const { runId, creationTimeMs, description, stage } = version;
  const run = opened.runs.get(runId ?? '') ?? null;
  const metric = run && mainMetricOf(run.metrics);
  return (
    <tr>
      <th scope="row" title={description || version.source}>
        {trans.__('v%1', version.version)}
        <Stage stage={stage} />
      </th>
      <td>
        <Aliases {...props} />
      </td>
      <td>
        <RunLink {...props} run={run} />
      </td>
      <td className="jp-mod-number" title={metric?.key}>
        {metric ? formatNumber(metric.value) : '–'}
      </td>
      <td title={formatTime(creationTimeMs)}>
        {formatAge(creationTimeMs, Date.now())}
      </td>
    </tr>
  );
}

/** MLflow's older word, where a server still has it. */
function Stage({ stage }: { stage: string }): React.ReactElement | null {
  return stage && stage !== 'None' ? (
    <span className="jp-Experiments-muted"> {stage}</span>
  ) : null;
}

function RunLink(
  props: SectionProps & Readonly<{ version: ModelVersion; run: Run | null }>
): React.ReactElement {
  const { actions, version, run, trans } = props;
  const { runId } = version;
  if (!runId) {
    return <>–</>;
  }
  return (
    <button
      type="button"
      className="jp-Experiments-link"
      title={trans.__('Open the run that made it')}
      onClick={() => actions.openRun(runId)}
    >
      {run?.runName || runId.slice(0, 8)}
    </button>
  );
}

/** Aliases of a version: each can be taken away, another one given. */
function Aliases(
  props: SectionProps & Readonly<{ version: ModelVersion }>
): React.ReactElement {
  const { model, opened, actions, version, trans } = props;
  const registered = model.find(opened.name)?.model ?? null;
  const aliases = aliasesOf(version, registered);
  const add = async (): Promise<void> => {
    const suggested = aliases.includes(CHAMPION) ? '' : CHAMPION;
    const alias = await actions.askAlias(suggested);
    if (alias !== null) {
      await model.setAlias(version, alias);
    }
  };
  return (
    <span className="jp-Experiments-aliases">
      {aliases.map(alias => (
        <span key={alias} className="jp-Experiments-chip">
          @{alias}
          <button
            type="button"
            aria-label={trans.__('Remove the alias %1', alias)}
            title={trans.__('Remove the alias %1', alias)}
            onClick={() => void model.deleteAlias(opened.name, alias)}
          >
            ×
          </button>
        </span>
      ))}
      <button
        type="button"
        className="jp-Experiments-link"
        title={trans.__('Give version %1 an alias', version.version)}
        onClick={() => void add()}
      >
        {trans.__('Add alias')}
      </button>
    </span>
  );
}
