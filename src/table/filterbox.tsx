import type { TranslationBundle } from '@jupyterlab/translation';
import { filterListIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import { completionsOf } from './completions';

export type FilterBoxProps = Readonly<{
  text: string;
  /** What is wrong with the expression, and at which character. */
  error: Readonly<{ message: string; position: number }> | null;
  /** Keys to complete, such as `metrics.loss`. */
  completions: readonly string[];
  onChange: (text: string) => void;
  /** Escape, or Enter: the focus goes back to the rows. */
  onLeave: () => void;
  /** Grows when the box shall take the focus. */
  focusRequest: number;
  trans: TranslationBundle;
}>;

function ErrorLine(props: {
  text: string;
  error: Readonly<{ message: string; position: number }>;
}): React.ReactElement {
  const { text, error } = props;
  return (
    <div className="jp-Experiments-filterError" role="alert">
      <pre aria-hidden="true">
        {text}
        {'\n'}
        {' '.repeat(error.position)}^
      </pre>
      <span>{error.message}</span>
    </div>
  );
}

/** Plain words, or MLflow's filter language. */
export function FilterBox(props: FilterBoxProps): React.ReactElement {
  const { text, error, trans } = props;
  const input = React.useRef<HTMLInputElement>(null);
  const list = React.useId();
  React.useEffect(() => {
    if (props.focusRequest > 0) {
      input.current?.focus();
      input.current?.select();
    }
  }, [props.focusRequest]);
  React.useEffect(() => {
    // While a person types, what they type is ahead of what is drawn.
    if (input.current && document.activeElement !== input.current) {
      input.current.value = text;
    }
  }, [text]);
  return (
    <div className="jp-Experiments-filter">
      <div className="jp-Experiments-filterBox">
        <filterListIcon.react tag="span" width="14px" height="14px" />
        <input
          ref={input}
          type="text"
          defaultValue={text}
          list={list}
          spellCheck={false}
          data-lm-suppress-shortcuts="true"
          aria-label={trans.__('Filter runs')}
          aria-invalid={error !== null}
          placeholder={trans.__('words, or metrics.val_loss < 0.5')}
          onChange={event => props.onChange(event.target.value)}
          onKeyDown={event => {
            if (event.key === 'Escape') {
              event.currentTarget.value = '';
              props.onChange('');
            }
            if (event.key === 'Escape' || event.key === 'Enter') {
              event.preventDefault();
              event.stopPropagation();
              props.onLeave();
            }
          }}
        />
        <datalist id={list}>
          {completionsOf(text, props.completions).map(completion => (
            <option key={completion} value={completion} />
          ))}
        </datalist>
      </div>
      {error && <ErrorLine text={text} error={error} />}
    </div>
  );
}
