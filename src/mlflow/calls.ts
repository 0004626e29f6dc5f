import { AnswerError, MlflowError } from './errors';
import type { Fields } from './fields';
import { fieldsOf, list, textOrNull } from './fields';
import type { ITransport, TransportRequest } from './transport';

const API = 'api/2.0/mlflow/';

export type Query = NonNullable<TransportRequest['query']>;
type Method = TransportRequest['method'];

/** REST calls by their names below `api/2.0/mlflow/`. */
export class RestCalls {
  constructor(private readonly _transport: ITransport) {}

  /** Read by GET. */
  async get(
    route: string,
    query: Query,
    signal?: AbortSignal
  ): Promise<Fields> {
    const request = { method: 'GET', path: API + route, query } as const;
    return fieldsOf(await this._transport.send(request, signal));
  }

  /** Read or write by POST. */
  async post(
    route: string,
    body: unknown,
    signal?: AbortSignal
  ): Promise<Fields> {
    const request = { method: 'POST', path: API + route, body } as const;
    return fieldsOf(await this._transport.send(request, signal));
  }

  /** Write by another method. */
  async send(method: Method, route: string, body: unknown): Promise<Fields> {
    const request = { method, path: API + route, body };
    return fieldsOf(await this._transport.send(request));
  }
}

/** What one page of a search holds. */
export type Page<T> = Readonly<{
  found: readonly T[];
  /** Null: the last page. */
  nextPageToken: string | null;
}>;

/** One page out of an answer. */
export function pageOf<T>(
  answer: Fields,
  name: string,
  decode: (fields: Fields) => T
): Page<T> {
  return {
    found: list(answer, name, decode),
    nextPageToken: textOrNull(answer, 'next_page_token')
  };
}

/** Every page of a search, one after the other. */
export async function allPages<T>(
  readPage: (pageToken: string | null) => Promise<Page<T>>
): Promise<readonly T[]> {
  const found: T[] = [];
  let token: string | null = null;
  do {
    const page: Page<T> = await readPage(token);
    found.push(...page.found);
    // A server that repeats its token would be asked for ever.
    token = page.nextPageToken === token ? null : page.nextPageToken;
  } while (token !== null);
  return found;
}

/** The answer of a search, empty where the server has no such route. */
export async function noneWhereMissing<T>(
  answer: Promise<readonly T[]>
): Promise<readonly T[]> {
  try {
    return await answer;
  } catch (error) {
    if (isRouteMissing(error)) {
      return [];
    }
    throw error;
  }
}

/** No such route; MLflow says of a thing that is missing which code it has. */
function isRouteMissing(error: unknown): error is MlflowError {
  return (
    error instanceof MlflowError &&
    (error.kind === 'unsupported' ||
      (error.kind === 'notFound' && error.code === null))
  );
}

/**
 * The answer of a route that only MLflow 3 has. Older servers answer 404
 * without an error code of MLflow's: thrown as kind `unsupported`.
 */
export async function onlyInMlflow3<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (isRouteMissing(error)) {
      throw new AnswerError(
        'unsupported',
        'This MLflow server is older than 3.0 and has no logged models.',
        { status: error.status, cause: error }
      );
    }
    throw error;
  }
}
