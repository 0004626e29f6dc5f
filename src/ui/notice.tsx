import * as React from 'react';

/** A button of a notice. */
export type NoticeAction = Readonly<{ label: string; run: () => void }>;

/** Text in which what stands between backticks is code. */
export function WithCode(props: { text: string }): React.ReactElement {
  return (
    <>
      {props.text
        .split('`')
        .map((part, index) =>
          index % 2 ? <code key={index}>{part}</code> : part
        )}
    </>
  );
}

function Actions(props: {
  actions: readonly NoticeAction[];
}): React.ReactElement {
  return (
    <span className="jp-Experiments-noticeActions">
      {props.actions.map(action => (
        <button
          key={action.label}
          type="button"
          className="jp-Experiments-link"
          onClick={action.run}
        >
          <WithCode text={action.label} />
        </button>
      ))}
    </span>
  );
}

/** Two lines above the rows that say what is not well; the rows stay. */
export function Banner(props: {
  text: string;
  tone: 'calm' | 'warning' | 'error';
  actions: readonly NoticeAction[];
}): React.ReactElement {
  return (
    <div
      className={`jp-Experiments-banner jp-mod-${props.tone}`}
      role={props.tone === 'error' ? 'alert' : 'status'}
    >
      <span title={props.text}>
        <WithCode text={props.text} />
      </span>
      {props.actions.length > 0 && <Actions actions={props.actions} />}
    </div>
  );
}

/** One sentence and one way on, where there is nothing to show. */
export function EmptyState(props: {
  text: string;
  action: NoticeAction | null;
}): React.ReactElement {
  return (
    <div className="jp-Experiments-empty" role="note">
      <p>
        <WithCode text={props.text} />
      </p>
      {props.action && (
        <button
          type="button"
          className="jp-Experiments-secondary"
          onClick={props.action.run}
        >
          <WithCode text={props.action.label} />
        </button>
      )}
    </div>
  );
}
