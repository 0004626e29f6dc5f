import * as React from 'react';
import { formatTime } from '../base/format';
import { CommandIDs } from '../commands';
import type { Run } from '../mlflow/entities';
import { note, userTags } from '../mlflow/tags';
import { markOf } from '../ui/marks';
import { StatusMark } from '../ui/statusmark';
import type { PageProps } from './actions';
import { commitWord, startWord, statusWord, tookWord } from './words';

/** Draws again each second while a run is going. */
function useNow(isTicking: boolean): number {
  const [now, setNow] = React.useState(() => Date.now());
  React.useEffect(() => {
    if (!isTicking) {
      return;
    }
    const timer = window.setInterval(() => setNow(Date.now()), 1000);
    return () => window.clearInterval(timer);
  }, [isTicking]);
  return isTicking ? now : Date.now();
}

function Facts(props: PageProps): React.ReactElement {
  const { run, actions, trans } = props;
  const now = useNow(run.status === 'RUNNING');
  const cell = actions.cellLabel(run);
  const commit = commitWord(run);
  const facts: [string, React.ReactNode, string][] = [
    ['status', statusWord(run, trans), ''],
    ['took', tookWord(run, now), ''],
    [
      'start',
      startWord(run.startTimeMs, now, trans),
      formatTime(run.startTimeMs)
    ],
    ['user', run.userId, ''],
    ['cell', cell === null ? '' : <CellLink {...props} cell={cell} />, ''],
    [
      'commit',
      commit ?? '',
      commit?.endsWith('*') ? trans.__('There were uncommitted changes.') : ''
    ]
  ];
  const isDeleted = run.lifecycleStage === 'deleted';
  return (
    <span className="jp-Experiments-runFacts">
      {facts
        .filter(([, content]) => content !== '')
        .map(([key, content, title]) => (
          <span key={key} title={title}>
            {content}
          </span>
        ))}
      {isDeleted && <span>{trans.__('Deleted')}</span>}
    </span>
  );
}

function CellLink(props: PageProps & { cell: string }): React.ReactElement {
  const { run, actions, trans, cell } = props;
  return (
    <button
      type="button"
      className="jp-Experiments-link"
      title={trans.__('Show the cell')}
      onClick={() => actions.execute(CommandIDs.showCell, { runId: run.runId })}
    >
      {trans.__('cell %1', cell)}
    </button>
  );
}

/** Name, state and origin of the run. */
export function RunHeader(props: PageProps): React.ReactElement {
  const { run, model, actions, trans } = props;
  const rename = async (): Promise<void> => {
    const name = await actions.ask(trans.__('Rename run'), run.runName);
    if (name?.trim()) {
      await model.rename(name.trim());
    }
  };
  return (
    <header className="jp-Experiments-runHeader">
      <StatusMark status={markOf(run.status)} label={statusWord(run, trans)} />
      <h2>{run.runName}</h2>
      <button
        type="button"
        className="jp-Experiments-link"
        title={trans.__('Rename')}
        aria-label={trans.__('Rename')}
        onClick={() => void rename()}
      >
        ✎
      </button>
      <Facts {...props} />
    </header>
  );
}

function NoteEditor(props: {
  text: string;
  trans: PageProps['trans'];
  onDone: (text: string | null) => void;
}): React.ReactElement {
  const [text, setText] = React.useState(props.text);
  const { trans, onDone } = props;
  return (
    <div
      className="jp-Experiments-noteEditor"
      data-lm-suppress-shortcuts="true"
    >
      <textarea
        autoFocus
        rows={4}
        aria-label={trans.__('Note')}
        value={text}
        onChange={event => setText(event.target.value)}
        onKeyDown={event => {
          if (event.key === 'Escape') {
            onDone(null);
          }
        }}
      />
      <button type="button" onClick={() => onDone(text)}>
        {trans.__('Save')}
      </button>
      <button type="button" onClick={() => onDone(null)}>
        {trans.__('Cancel')}
      </button>
    </div>
  );
}

/** The run's note, which a click edits. */
export function RunNote(props: PageProps): React.ReactElement {
  const { run, model, trans } = props;
  const [isEdited, setEdited] = React.useState(false);
  const text = note(run);
  if (isEdited) {
    return (
      <NoteEditor
        text={text}
        trans={trans}
        onDone={changed => {
          setEdited(false);
          if (changed !== null && changed !== text) {
            void model.setNote(changed);
          }
        }}
      />
    );
  }
  return (
    <button
      type="button"
      className="jp-Experiments-note"
      title={trans.__('Edit the note')}
      onClick={() => setEdited(true)}
    >
      {text || trans.__('Add a note…')}
    </button>
  );
}

/** Tags that people set: add, change, remove. */
export function RunTags(props: PageProps): React.ReactElement {
  const { run, model, actions, trans } = props;
  const tags = userTags(run.tags);
  const add = async (): Promise<void> => {
    const text = await actions.ask(trans.__('Add a tag: key=value'), '');
    const tag = splitTag(text ?? '');
    if (tag) {
      await model.setTag(tag.key, tag.value);
    }
  };
  return (
    <div className="jp-Experiments-runTags">
      <span className="jp-Experiments-muted">
        {tags.length > 0 ? trans.__('tags:') : trans.__('No tags.')}
      </span>
      {tags.map(tag => (
        <TagChip key={tag.key} {...props} tag={tag} />
      ))}
      <button
        type="button"
        className="jp-Experiments-link"
        aria-label={trans.__('Add a tag')}
        onClick={() => void add()}
      >
        {tags.length > 0 ? '+' : trans.__('Add')}
      </button>
    </div>
  );
}

function TagChip(
  props: PageProps & { tag: Run['tags'][number] }
): React.ReactElement {
  const { model, actions, trans, tag } = props;
  const change = async (): Promise<void> => {
    const value = await actions.ask(
      trans.__('Value of %1', tag.key),
      tag.value
    );
    if (value !== null && value !== tag.value) {
      await model.setTag(tag.key, value);
    }
  };
  return (
    <span className="jp-Experiments-chip" title={`${tag.key}=${tag.value}`}>
      <button
        type="button"
        className="jp-Experiments-plain"
        onClick={() => void change()}
      >
        {tag.key}={tag.value}
      </button>
      <button
        type="button"
        className="jp-Experiments-plain"
        aria-label={trans.__('Remove tag %1', tag.key)}
        onClick={() => void model.deleteTag(tag.key)}
      >
        ×
      </button>
    </span>
  );
}

/** `key=value` as a tag; without a key it is none. */
export function splitTag(text: string): Run['tags'][number] | null {
  const split = text.indexOf('=');
  const key = (split < 0 ? text : text.slice(0, split)).trim();
  return key
    ? { key, value: split < 0 ? '' : text.slice(split + 1).trim() }
    : null;
}
