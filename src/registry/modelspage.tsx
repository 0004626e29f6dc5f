import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { formatAge, formatNumber, formatTime } from '../base/format';
import { Chip } from '../ui/chip';
import { EmptyState } from '../ui/notice';
import { useSignal } from '../ui/usesignal';
import { ModelSection } from './modelsection';
import type { ModelRow, ModelsModel } from './modelsmodel';

/** What the page asks of the rest. */
export type ModelsActions = Readonly<{
  openRun: (runId: string) => void;
  showRuns: () => void;
  /** Asks for an alias; null when the person cancels. */
  askAlias: (suggested: string) => Promise<string | null>;
}>;

/** What the page shows, and with what. */
export type PageProps = Readonly<{
  model: ModelsModel;
  actions: ModelsActions;
  trans: TranslationBundle;
}>;

/** The registered models, and the versions of the one that is open. */
export function ModelsPage(props: PageProps): React.ReactElement {
  const { model, actions, trans } = props;
  useSignal(model.changed);
  const rows = model.rows;
  if (rows?.length === 0 && !model.error) {
    return (
      <EmptyState
        text={trans.__(
          'No registered models. Select a run and choose “Register model”.'
        )}
        action={{ label: trans.__('Show runs'), run: actions.showRuns }}
      />
    );
  }
  return (
    <div className="jp-Experiments-modelsPage">
      {model.error !== null && <Failure {...props} />}
      {rows ? (
        <ModelsTable {...props} rows={rows} />
      ) : (
        !model.error && (
          <p className="jp-Experiments-muted" role="status">
            {trans.__('Reading the registered models…')}
          </p>
        )
      )}
      {model.opened && <ModelSection {...props} opened={model.opened} />}
    </div>
  );
}

function Failure({ model, trans }: PageProps): React.ReactElement {
  const { error } = model;
  const why = error instanceof Error ? error.message : String(error);
  return (
    <div className="jp-Experiments-banner jp-mod-error" role="alert">
      <span title={why}>
        {model.rows
          ? trans.__('The registry did not do it: %1', why)
          : trans.__('The registered models could not be read: %1', why)}
      </span>
      <button
        type="button"
        className="jp-Experiments-link"
        onClick={() => void model.refresh()}
      >
        {trans.__('Try now')}
      </button>
    </div>
  );
}

function ModelsTable(
  props: PageProps & Readonly<{ rows: readonly ModelRow[] }>
): React.ReactElement {
  const { rows, trans } = props;
  return (
    <table
      className="jp-Experiments-modelsTable"
      aria-label={trans.__('Registered models')}
    >
      <thead>
        <tr>
          <th scope="col">{trans.__('Name')}</th>
          <th scope="col">{trans.__('Latest')}</th>
          <th scope="col">{trans.__('Aliases')}</th>
          <th scope="col" className="jp-mod-number">
            {trans.__('Main metric of the latest')}
          </th>
          <th scope="col">{trans.__('Changed')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(row => (
          <ModelTableRow key={row.model.name} {...props} row={row} />
        ))}
      </tbody>
    </table>
  );
}

function ModelTableRow(
  props: PageProps & Readonly<{ row: ModelRow }>
): React.ReactElement {
  const { model, row, trans } = props;
  const { name, aliases, description, lastUpdatedTimeMs } = row.model;
  const isOpen = model.opened?.name === name;
  const toggle = (): void => {
    if (isOpen) {
      model.close();
    } else {
      void model.open(name);
    }
  };
  return (
    <tr className={isOpen ? 'jp-mod-selected' : ''} onClick={toggle}>
      <th scope="row" title={description || name}>
        <button
          type="button"
          className="jp-Experiments-link"
          aria-expanded={isOpen}
        >
          {name}
        </button>
      </th>
      <td>{row.latest ? `v${row.latest.version}` : '–'}</td>
      <td>
        {aliases.map(({ alias, version }) => (
          <Chip
            key={alias}
            text={`@${alias}`}
            title={trans.__('@%1 is version %2.', alias, version)}
          />
        ))}
      </td>
      <td className="jp-mod-number">
        {row.metric && (
          <span title={`${row.metric.key} ${row.metric.value}`}>
            <span className="jp-Experiments-muted">{row.metric.key}</span>{' '}
            {formatNumber(row.metric.value)}
          </span>
        )}
      </td>
      <td title={formatTime(lastUpdatedTimeMs)}>
        {formatAge(lastUpdatedTimeMs, Date.now())}
      </td>
    </tr>
  );
}
