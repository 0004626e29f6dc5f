import type { Expected, Token } from './filtertokens';
import { FilterError, tokenize } from './filtertokens';

export { FilterError } from './filtertokens';
export type { Expected, FilterProblem } from './filtertokens';

export type FilterEntity = 'attribute' | 'metric' | 'param' | 'tag' | 'dataset';

export type FilterOperator =
  | '='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'LIKE'
  | 'ILIKE'
  | 'IN'
  | 'NOT IN'
  | 'IS NULL'
  | 'IS NOT NULL';

/** One clause, such as `metrics.loss < 0.5`. */
export type Comparison = Readonly<{
  kind: 'comparison';
  entity: FilterEntity;
  key: string;
  operator: FilterOperator;
  /** Null for the tests for null. */
  value: number | string | readonly (number | string)[] | null;
}>;

/** A filter, read. MLflow's servers know `and` only. */
export type Expression =
  | Comparison
  | Readonly<{ kind: 'and' | 'or'; terms: readonly Expression[] }>
  | Readonly<{ kind: 'not'; term: Expression }>;

const ENTITIES: Readonly<Record<string, FilterEntity>> = {
  metric: 'metric',
  metrics: 'metric',
  param: 'param',
  params: 'param',
  parameter: 'param',
  parameters: 'param',
  tag: 'tag',
  tags: 'tag',
  dataset: 'dataset',
  datasets: 'dataset',
  attribute: 'attribute',
  attributes: 'attribute',
  attr: 'attribute',
  run: 'attribute'
};

const NUMBER_ATTRIBUTES = ['start_time', 'end_time', 'created'];
const ATTRIBUTES: Readonly<Record<string, string>> = {
  run_id: 'run_id',
  'run id': 'run_id',
  run_name: 'run_name',
  'run name': 'run_name',
  name: 'run_name',
  status: 'status',
  user_id: 'user_id',
  user: 'user_id',
  start_time: 'start_time',
  created: 'start_time',
  end_time: 'end_time',
  experiment_id: 'experiment_id',
  lifecycle_stage: 'lifecycle_stage',
  artifact_uri: 'artifact_uri'
};

/** A clause anywhere makes words an expression that is wrong, and is said so. */
const CLAUSE =
  /\b(?:metrics?|param(?:eter)?s?|tags?)\.\S+\s*(?:[=!<>]|i?like\b)/i;

/** Does this text not look like an expression, but like words to search for? */
export function isPlainWords(text: string): boolean {
  if (CLAUSE.test(text)) {
    return false;
  }
  const start = /^[\s(]*(?:not\b[\s(]*)?([a-z_]+)\s*(\S*)/i.exec(text);
  if (!start) {
    return true;
  }
  const [, name, rest] = start;
  if (ENTITIES[name.toLowerCase()] && rest.startsWith('.')) {
    return false;
  }
  const isAttribute = ATTRIBUTES[name.toLowerCase()] !== undefined;
  return !(isAttribute && /^(?:[=!<>]|(?:i?like|in|is|not)$)/i.test(rest));
}

/** Read MLflow's filter language, and OR, NOT, brackets; throws FilterError. */
export function parseFilter(text: string): Expression {
  return new Parser(text).parse();
}

/** Reads one filter by recursive descent. */
class Parser {
  constructor(private readonly _text: string) {
    this._tokens = tokenize(_text);
  }

  parse(): Expression {
    const expression = this._any();
    if (this._peek()) {
      this._fail('and');
    }
    return expression;
  }

  private _any(): Expression {
    return this._joined('or', () => this._joined('and', () => this._negated()));
  }

  private _joined(kind: 'and' | 'or', read: () => Expression): Expression {
    const terms = [read()];
    while (this._takeWord(kind)) {
      terms.push(read());
    }
    return terms.length === 1 ? terms[0] : { kind, terms };
  }

  private _negated(): Expression {
    if (this._takeWord('not')) {
      return { kind: 'not', term: this._negated() };
    }
    if (!this._take('open')) {
      return this._comparison();
    }
    const inner = this._any();
    if (!this._take('close')) {
      this._fail('bracket');
    }
    return inner;
  }

  private _comparison(): Comparison {
    this._clauseStart = this._at;
    const { entity, key } = this._identifier();
    const operator = this._operator();
    const isNumber =
      entity === 'metric' ||
      (entity === 'attribute' && NUMBER_ATTRIBUTES.includes(key));
    const value = this._value(operator, isNumber);
    return { kind: 'comparison', entity, key, operator, value };
  }

  private _identifier(): Pick<Comparison, 'entity' | 'key'> {
    const first = this._takeName() ?? this._fail('entity');
    const entity = first.quote ? undefined : ENTITIES[first.text.toLowerCase()];
    if (entity && this._take('dot')) {
      return { entity, key: this._key(entity) };
    }
    return { entity: 'attribute', key: this._attribute(first) };
  }

  /** A key goes on over dots up to a space or an operator. */
  private _key(entity: FilterEntity): string {
    const first = this._takeName() ?? this._fail('key');
    if (entity === 'attribute') {
      return this._attribute(first);
    }
    let key = first.text;
    while (!first.quote && this._take('dot')) {
      key += `.${(this._takeName() ?? this._fail('key')).text}`;
    }
    return key;
  }

  private _attribute(token: Token): string {
    const name = ATTRIBUTES[token.text.toLowerCase()];
    if (!name) {
      this._at--;
      this._fail('entity');
    }
    return name;
  }

  private _operator(): FilterOperator {
    const sign = this._take('operator');
    if (sign) {
      return SIGNS[sign.text];
    }
    if (this._takeWord('is')) {
      const isNot = this._takeWord('not');
      return this._takeWord('null')
        ? isNot
          ? 'IS NOT NULL'
          : 'IS NULL'
        : this._fail('comparison');
    }
    if (this._takeWord('not')) {
      return this._takeWord('in') ? 'NOT IN' : this._fail('comparison');
    }
    const word = WORD_OPERATORS.find(word => this._takeWord(word));
    return word ?? this._fail('comparison');
  }

  private _value(
    operator: FilterOperator,
    isNumber: boolean
  ): Comparison['value'] {
    if (operator.startsWith('IS')) {
      return null;
    }
    return operator.endsWith('IN') ? this._list(isNumber) : this._one(isNumber);
  }

  private _one(isNumber: boolean): number | string {
    if (isNumber) {
      return this._number();
    }
    const token = this._take('quoted') ?? this._take('number');
    return token?.text ?? this._fail('text');
  }

  private _number(): number {
    const token = this._take('number');
    if (token) {
      return Number(token.text);
    }
    const named = ['inf', 'infinity'].some(word => this._takeWord(word));
    return named ? Infinity : this._fail('number');
  }

  private _list(isNumber: boolean): readonly (number | string)[] {
    if (!this._take('open')) {
      this._fail('list');
    }
    const values = [this._one(isNumber)];
    while (this._take('comma')) {
      values.push(this._one(isNumber));
    }
    if (!this._take('close')) {
      this._fail('bracket');
    }
    return values;
  }

  private _peek(): Token | undefined {
    return this._tokens[this._at];
  }

  private _take(kind: Token['kind']): Token | null {
    const token = this._peek();
    if (token?.kind !== kind) {
      return null;
    }
    this._at++;
    return token;
  }

  private _takeName(): Token | null {
    return (
      this._take('name') ?? this._take('backticked') ?? this._take('quoted')
    );
  }

  private _takeWord(word: string): boolean {
    const token = this._peek();
    const isWord =
      token?.kind === 'name' && token.text.toLowerCase() === word.toLowerCase();
    this._at += isWord ? 1 : 0;
    return isWord;
  }

  private _fail(expected: Expected): never {
    const start = this._tokens[this._clauseStart]?.start ?? 0;
    const end = this._tokens[this._at - 1]?.end ?? 0;
    const after = this._text.slice(Math.min(start, end), end).trim();
    const position =
      this._peek()?.start ?? Math.min(end + 1, this._text.length);
    throw new FilterError({ expected, after, position });
  }

  private readonly _tokens: readonly Token[];
  private _at = 0;
  private _clauseStart = 0;
}

const SIGNS: Readonly<Record<string, FilterOperator>> = {
  '=': '=',
  '==': '=',
  '!=': '!=',
  '<>': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>='
};

const WORD_OPERATORS = ['LIKE', 'ILIKE', 'IN'] as const;
