import * as React from 'react';
import { formatNumber, formatSize } from '../base/format';
import type { InsertCodeArgs } from '../commands';
import { CommandIDs } from '../commands';
import type { ArtifactFile } from '../mlflow/entities';
import { ArtifactLink } from '../ui/artifactlink';
import { Chip } from '../ui/chip';
import { FoldHead } from '../ui/fold';
import { markOf } from '../ui/marks';
import { StatusMark } from '../ui/statusmark';
import type { PageProps } from './actions';
import type { ShownModel } from './models';

function copy(text: string): void {
  void navigator.clipboard?.writeText(text);
}

/** The run's params; a click copies a value. */
export function RunParams(props: PageProps): React.ReactElement {
  const { run, trans } = props;
  const params = [...run.params].sort((a, b) => (a.key < b.key ? -1 : 1));
  return (
    <section aria-label={trans.__('Params')}>
      <h3>{trans.__('Params %1', params.length)}</h3>
      {params.length === 0 && <p>{trans.__('No params.')}</p>}
      <dl className="jp-Experiments-pairs">
        {params.map(({ key, value }) => (
          <React.Fragment key={key}>
            <dt title={key}>{key}</dt>
            <dd>
              <button
                type="button"
                className="jp-Experiments-plain"
                title={trans.__('Copy %1', value)}
                onClick={() => copy(value)}
              >
                {value}
              </button>
            </dd>
          </React.Fragment>
        ))}
      </dl>
    </section>
  );
}

/** Inserts code into the notebook; left out where nothing can. */
function InsertButton(
  props: PageProps & { snippet: InsertCodeArgs['snippet']; label: string }
): React.ReactElement | null {
  const { run, actions, snippet, label } = props;
  return actions.has(CommandIDs.insertCode) ? (
    <button
      type="button"
      className="jp-Experiments-link"
      onClick={() =>
        actions.execute(CommandIDs.insertCode, { runId: run.runId, snippet })
      }
    >
      {label}
    </button>
  ) : null;
}

function ModelRow(
  props: PageProps & { shown: ShownModel }
): React.ReactElement {
  const { trans, shown } = props;
  return (
    <li>
      <b>{shown.name}</b>
      {shown.versions.map(version => (
        <React.Fragment key={version.name + version.version}>
          <Chip text={`${version.name} v${version.version}`} />
          {version.aliases.map(alias => (
            <Chip key={alias} text={`@${alias}`} />
          ))}
        </React.Fragment>
      ))}
      <InsertButton
        {...props}
        snippet="loadModel"
        label={trans.__('Use for inference')}
      />
    </li>
  );
}

/** The models that the run logged, with what was registered from them. */
export function RunModels(props: PageProps): React.ReactElement {
  const { model, run, trans } = props;
  const models = model.models.of(run);
  return (
    <section aria-label={trans.__('Model')}>
      <h3>{trans.__('Model')}</h3>
      {models === null && (
        <p className="jp-Experiments-muted">{trans.__('Loading…')}</p>
      )}
      {models?.length === 0 && (
        <p>
          {trans.__('No model was logged.')}{' '}
          <InsertButton
            {...props}
            snippet="logModel"
            label={trans.__('Insert the line that logs one')}
          />
        </p>
      )}
      <ul>
        {models?.map((shown, index) => (
          <ModelRow key={index} {...props} shown={shown} />
        ))}
      </ul>
    </section>
  );
}

function ArtifactRow(
  props: Pick<PageProps, 'model' | 'trans'> & { file: ArtifactFile }
): React.ReactElement {
  const { file, model } = props;
  const name = file.path.split('/').pop() ?? file.path;
  const address = model.artifacts.address(file.path);
  if (!file.isFolder) {
    return (
      <li title={file.path}>
        {address === null ? (
          name
        ) : (
          <ArtifactLink address={address} label={name} title={file.path} />
        )}{' '}
        <span className="jp-Experiments-muted">
          {formatSize(file.sizeBytes)}
        </span>
      </li>
    );
  }
  const isOpen = model.artifacts.isOpen(file.path);
  return (
    <li>
      <FoldHead
        label={`${name}/`}
        isOpen={isOpen}
        onToggle={() => model.artifacts.toggle(file.path)}
      />
      {isOpen && address !== null && (
        <ArtifactLink
          address={address}
          label={props.trans.__('Download as zip')}
          title={file.path}
        />
      )}
      {isOpen && <ArtifactFolder {...props} folder={file.path} />}
    </li>
  );
}

function ArtifactFolder(
  props: Pick<PageProps, 'model' | 'trans'> & { folder: string }
): React.ReactElement {
  const { model, trans, folder } = props;
  const files = model.artifacts.files(folder);
  if (files === null) {
    return <p className="jp-Experiments-muted">{trans.__('Loading…')}</p>;
  }
  return files.length === 0 ? (
    <p>{trans.__('No artifacts.')}</p>
  ) : (
    <ul>
      {files.map(file => (
        <ArtifactRow key={file.path} model={model} trans={trans} file={file} />
      ))}
    </ul>
  );
}

/** The run's artifacts by name; folders unfold. */
export function RunArtifacts(props: PageProps): React.ReactElement {
  const { model, trans } = props;
  const count = model.artifacts.files()?.length;
  return (
    <section aria-label={trans.__('Artifacts')}>
      <h3>
        {count === undefined
          ? trans.__('Artifacts')
          : trans.__('Artifacts %1', count)}
      </h3>
      <ArtifactFolder model={model} trans={trans} folder="" />
    </section>
  );
}

/** Data that the run read. */
export function RunDatasets(props: PageProps): React.ReactElement {
  const { run, trans } = props;
  const inputs = run.datasetInputs;
  return (
    <section aria-label={trans.__('Datasets')}>
      <h3>{trans.__('Datasets %1', inputs.length)}</h3>
      {inputs.length === 0 && <p>{trans.__('No datasets.')}</p>}
      <ul>
        {inputs.map((input, index) => (
          <li key={index} title={input.source}>
            {input.name}{' '}
            <span className="jp-Experiments-muted">
              {[input.context, input.digest].filter(Boolean).join(' · ')}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Child runs; a click opens one. */
export function RunChildren(props: PageProps): React.ReactElement {
  const { run, model, actions, trans } = props;
  const children = model.neighbours.children(run.runId);
  return (
    <section aria-label={trans.__('Child runs')}>
      <h3>{trans.__('Child runs %1', children.length)}</h3>
      {children.length === 0 && <p>{trans.__('No child runs.')}</p>}
      <ul>
        {children.map(child => (
          <li key={child.runId}>
            <StatusMark
              status={markOf(child.status)}
              label={child.status.toLowerCase()}
            />
            <button
              type="button"
              className="jp-Experiments-link"
              onClick={() =>
                actions.execute(CommandIDs.openRun, { runId: child.runId })
              }
            >
              {child.runName}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What MLflow sampled of the machine. */
export function SystemMetrics(props: PageProps): React.ReactElement {
  const { run, trans } = props;
  const metrics = run.metrics.filter(m => m.key.startsWith('system/'));
  return (
    <section aria-label={trans.__('System metrics')}>
      <h3>{trans.__('System metrics %1', metrics.length)}</h3>
      {metrics.length === 0 && (
        <p>
          {trans.__('None: MLflow samples every 10 s.')}{' '}
          <InsertButton
            {...props}
            snippet="systemMetrics"
            label={trans.__('Sample each second')}
          />
        </p>
      )}
      <dl className="jp-Experiments-pairs">
        {metrics.map(({ key, value }) => (
          <React.Fragment key={key}>
            <dt title={key}>{key.slice('system/'.length)}</dt>
            <dd className="jp-Experiments-number">{formatNumber(value)}</dd>
          </React.Fragment>
        ))}
      </dl>
    </section>
  );
}
