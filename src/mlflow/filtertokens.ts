/** What an expression was expected to have at a place. */
export type Expected =
  | 'number'
  | 'text'
  | 'value'
  | 'list'
  | 'comparison'
  | 'key'
  | 'entity'
  | 'and'
  | 'bracket'
  | 'quote';

/** What is wrong with a filter; words for it are made where it is shown. */
export type FilterProblem = Readonly<{
  expected: Expected;
  /** The text before the place, as short as it is clear. */
  after: string;
  /** Character at which it was expected. */
  position: number;
}>;

/** A filter that cannot be read. */
export class FilterError extends Error {
  constructor(readonly problem: FilterProblem) {
    super(`Expected ${problem.expected} at character ${problem.position}`);
    this.name = 'FilterError';
  }
}

export type TokenKind =
  | 'name'
  | 'quoted'
  | 'backticked'
  | 'number'
  | 'operator'
  | 'dot'
  | 'open'
  | 'close'
  | 'comma'
  | 'other';

/** A piece of a filter's text. */
export type Token = Readonly<{
  kind: TokenKind;
  /** As written, but without quotes. */
  text: string;
  /** `'` or `"` or a backtick; empty for others. */
  quote: string;
  start: number;
  end: number;
}>;

const NUMBER = /[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?(?![\p{L}\p{N}_])/iuy;
const NAME = /[\p{L}\p{N}_][\p{L}\p{N}_/\-:]*/uy;
const OPERATOR = /<=|>=|!=|<>|==|=|<|>/y;
const PIECES: readonly (readonly [TokenKind, RegExp])[] = [
  ['number', NUMBER],
  ['operator', OPERATOR],
  ['name', NAME]
];
const SPACE = /\s+/y;
const SINGLES: Readonly<Record<string, TokenKind>> = {
  '.': 'dot',
  '(': 'open',
  ')': 'close',
  ',': 'comma'
};

/** The pieces of a filter; throws FilterError on a quote that is not closed. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = skipSpace(text, 0);
  while (at < text.length) {
    const token = readToken(text, at, tokens[tokens.length - 1]);
    tokens.push(token);
    at = skipSpace(text, token.end);
  }
  return tokens;
}

function skipSpace(text: string, at: number): number {
  return at + (matchAt(SPACE, text, at)?.length ?? 0);
}

function matchAt(regex: RegExp, text: string, at: number): string | null {
  regex.lastIndex = at;
  return regex.exec(text)?.[0] ?? null;
}

function readToken(text: string, at: number, before?: Token): Token {
  const char = text[at];
  if ('\'"`'.includes(char)) {
    return readQuoted(text, at, char);
  }
  for (const [kind, regex] of PIECES) {
    // After a dot follows a key, even where it looks like a number.
    const isKey = kind === 'number' && before?.kind === 'dot';
    const piece = isKey ? null : matchAt(regex, text, at);
    if (piece) {
      return makeToken(kind, piece, at);
    }
  }
  return makeToken(SINGLES[char] ?? 'other', char, at);
}

function makeToken(kind: TokenKind, text: string, start: number): Token {
  return { kind, text, quote: '', start, end: start + text.length };
}

function readQuoted(text: string, at: number, quote: string): Token {
  let end = text.indexOf(quote, at + 1);
  // Two quotes in a row are one quote of the text.
  while (end >= 0 && quote !== '`' && text[end + 1] === quote) {
    end = text.indexOf(quote, end + 2);
  }
  if (end < 0) {
    const after = text.slice(at);
    throw new FilterError({ expected: 'quote', after, position: text.length });
  }
  return {
    kind: quote === '`' ? 'backticked' : 'quoted',
    text: text
      .slice(at + 1, end)
      .split(quote + quote)
      .join(quote),
    quote,
    start: at,
    end: end + 1
  };
}
