import * as React from 'react';
import { formatDuration, formatSize, formatTime } from '../base/format';
import type { InsertCodeArgs } from '../commands';
import { CommandIDs } from '../commands';
import type { ModelVersion, Run } from '../mlflow/entities';
import { TagKeys, tagValue } from '../mlflow/tags';
import { ArtifactLink } from '../ui/artifactlink';
import { Chip } from '../ui/chip';
import { FoldHead } from '../ui/fold';
import { markOf, markWord } from '../ui/marks';
import { Link, Value } from './detailparts';
import type { ShownModel } from './detailsmodel';
import type { PanelParts } from './parts';
import { newestOf } from './registrations';

function ModelName(props: {
  name: string;
  version: ModelVersion | null;
  label: string;
}): React.ReactElement {
  const { name, version, label } = props;
  return (
    <>
      {label} <code>{name}</code>
      {version && <Chip text={`v${version.version}`} />}
      {version?.aliases.map(alias => (
        <Chip key={alias} text={`@${alias}`} />
      ))}
    </>
  );
}

function ModelBody(props: {
  parts: PanelParts;
  run: Run;
  version: ModelVersion | null;
}): React.ReactElement {
  const { parts, run, version } = props;
  const { details, options } = parts;
  const { commands, trans } = options;
  const uriOf = ({ modelId, name }: ShownModel): string =>
    modelId ? `models:/${modelId}` : `runs:/${run.runId}/${name}`;
  return (
    <dl className="jp-Experiments-values">
      {details.models?.map(one => (
        <Value
          key={uriOf(one)}
          parts={parts}
          name={one.name}
          text={one.modelId ?? uriOf(one)}
          full={uriOf(one)}
        />
      ))}
      {version && (
        <>
          <dt>{trans.__('registered')}</dt>
          <dd>
            <Link
              label={`${version.name} v${version.version}`}
              title={trans.__('Open the registered model')}
              onClick={() =>
                void commands.execute(CommandIDs.openModel, {
                  name: version.name
                })
              }
            />
          </dd>
        </>
      )}
    </dl>
  );
}

/** Is it known that a run has no model? */
export function isWithoutModel({ details }: PanelParts, run: Run): boolean {
  return details.models?.length === 0 && run.modelOutputs.length === 0;
}

function NoModel(props: { parts: PanelParts; run: Run }): React.ReactElement {
  const { commands, trans } = props.parts.options;
  const { runId } = props.run;
  const args = { runId, snippet: 'logModel' } satisfies InsertCodeArgs;
  return (
    <p className="jp-Experiments-muted jp-Experiments-foldText">
      {trans.__('No model was logged.')}{' '}
      <Link
        label={trans.__('Insert the line that logs one')}
        title={trans.__('A cell below the active one, not run')}
        onClick={() => void commands.execute(CommandIDs.insertCode, args)}
      />
    </p>
  );
}

function registeredOf(parts: PanelParts, run: Run): ModelVersion | null {
  return newestOf(parts.model.session?.registrations.get(run.runId));
}

function modelName(
  { details }: PanelParts,
  version: ModelVersion | null
): string | null {
  return version?.name ?? details.models?.[0]?.name ?? null;
}

function modelLabel(
  parts: PanelParts,
  name: string | null,
  version: ModelVersion | null
): React.ReactNode {
  const label = parts.options.trans.__('Model');
  return name === null ? (
    label
  ) : (
    <ModelName name={name} version={version} label={label} />
  );
}

/** The models a run logged, with the version made of them. */
export function ModelLine(props: {
  parts: PanelParts;
  run: Run;
}): React.ReactElement | null {
  const { parts, run } = props;
  const { details } = parts;
  const version = registeredOf(parts, run);
  const name = modelName(parts, version);
  const isWithout = name === null;
  if (isWithout && !isWithoutModel(parts, run)) {
    return null;
  }
  const isOpen = details.isOpen('model');
  const Body = isWithout ? NoModel : ModelBody;
  return (
    <div className={`jp-Experiments-part${isOpen ? ' jp-mod-open' : ''}`}>
      <FoldHead
        label={modelLabel(parts, name, version)}
        count={isWithout ? 0 : undefined}
        isOpen={isOpen}
        onToggle={() => details.toggle('model')}
      />
      {isOpen && <Body parts={parts} run={run} version={version} />}
    </div>
  );
}

/** Artifacts by name. */
export function ArtifactsBody(props: {
  parts: PanelParts;
  run: Run;
}): React.ReactElement {
  const { artifacts } = props.parts.details;
  const { trans } = props.parts.options;
  const { session } = props.parts.model;
  if (!session || !artifacts || artifacts.length === 0) {
    return (
      <p className="jp-Experiments-muted jp-Experiments-foldText">
        {artifacts ? trans.__('No artifacts.') : trans.__('Reading…')}
      </p>
    );
  }
  return (
    <ul className="jp-Experiments-list">
      {artifacts.map(({ path, isFolder, sizeBytes }) => (
        <li key={path} title={path}>
          <span className="jp-Experiments-tail">
            <bdi>
              <ArtifactLink
                address={session.artifactAddress(props.run.runId, path)}
                label={isFolder ? `${path}/` : path}
                title={isFolder ? trans.__('Download %1 as zip', path) : path}
              />
            </bdi>
          </span>
          <span className="jp-Experiments-muted">
            {isFolder ? '' : formatSize(sizeBytes)}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Datasets by name and use. */
export function DatasetsBody(props: { run: Run }): React.ReactElement {
  return (
    <ul className="jp-Experiments-list">
      {props.run.datasetInputs.map(({ name, digest, context }) => (
        <li key={`${name} ${digest} ${context}`} title={`${name} ${digest}`}>
          <span className="jp-Experiments-tail">
            <bdi>{name}</bdi>
          </span>
          <span className="jp-Experiments-muted">{context}</span>
        </li>
      ))}
    </ul>
  );
}

function commitText(run: Run): string | null {
  const commit = tagValue(run.tags, TagKeys.gitCommit);
  const branch = tagValue(run.tags, TagKeys.gitBranch);
  const isDirty =
    tagValue(run.tags, TagKeys.gitDirty)?.toLowerCase() === 'true';
  const words = [branch, commit?.slice(0, 7), isDirty ? '*' : null];
  return commit ? words.filter(Boolean).join(' ') : null;
}

/** Status, times, who, where from. */
export function FactsBody(props: {
  parts: PanelParts;
  run: Run;
}): React.ReactElement {
  const { parts, run } = props;
  const { model, options, experiments } = parts;
  const { trans } = options;
  const experiment =
    model.session &&
    experiments.nameOf(model.session.connection.id, run.experimentId);
  const duration =
    run.startTimeMs !== null && run.endTimeMs !== null
      ? formatDuration(run.endTimeMs - run.startTimeMs)
      : null;
  const error = tagValue(run.tags, TagKeys.error);
  const facts: readonly (readonly [string, string | null])[] = [
    [trans.__('status'), markWord(markOf(run.status), error, trans)],
    [trans.__('started'), formatTime(run.startTimeMs)],
    [trans.__('ended'), run.endTimeMs ? formatTime(run.endTimeMs) : null],
    [trans.__('took'), duration],
    [trans.__('user'), run.userId || tagValue(run.tags, TagKeys.user)],
    [trans.__('notebook'), tagValue(run.tags, TagKeys.notebookPath)],
    [trans.__('experiment'), experiment ?? run.experimentId],
    [trans.__('commit'), commitText(run)],
    [trans.__('run id'), run.runId]
  ];
  return (
    <dl
      className="jp-Experiments-values"
      title={trans.__('* = uncommitted changes')}
    >
      {facts.map(([name, text]) =>
        text ? (
          <Value key={name} parts={parts} name={name} text={text} full={text} />
        ) : null
      )}
    </dl>
  );
}
