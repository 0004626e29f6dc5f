import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';
import { CONTRACT } from '../contract';
import { CancelledError, errorOfAnswer, NetworkError } from '../mlflow/errors';
import type { TransportRequest } from '../mlflow/transport';

/** One request below `/jupyterlab-experiments/`. */
export type GatewayRequest = Readonly<{
  method?: TransportRequest['method'];
  /** Segments below the extension's address, escaped by the caller. */
  path: string;
  query?: TransportRequest['query'];
  body?: unknown;
  /** Not a sign of life: an idle server may be culled in spite of it. */
  isBackground?: boolean;
}>;

/**
 * Ask the Jupyter server extension; resolves with an answer that is well, or
 * throws an `MlflowError`.
 */
export async function askGateway(
  settings: ServerConnection.ISettings,
  request: GatewayRequest,
  signal?: AbortSignal
): Promise<Response> {
  if (signal?.aborted) {
    throw new CancelledError();
  }
  const init: RequestInit = {
    method: request.method ?? 'GET',
    signal,
    ...(request.body !== undefined && {
      body: JSON.stringify(request.body),
      headers: { 'Content-Type': 'application/json' }
    })
  };
  const answer = await reading(
    () =>
      ServerConnection.makeRequest(
        addressOf(settings, request),
        init,
        settings
      ),
    signal
  );
  if (!answer.ok) {
    const text = await reading(() => answer.text(), signal);
    const retryAfter = answer.headers.get('Retry-After');
    throw errorOfAnswer(answer.status, text, retryAfter);
  }
  return answer;
}

/** The answer's JSON; what is no JSON does not come from our server. */
export async function jsonOf(
  answer: Response,
  signal?: AbortSignal
): Promise<unknown> {
  const text = await reading(() => answer.text(), signal);
  if (text === '') {
    return {};
  }
  try {
    return JSON.parse(text);
  } catch {
    throw errorOfAnswer(422, 'The answer is not JSON.');
  }
}

/** The answer's bytes. */
export function bytesOf(
  answer: Response,
  signal?: AbortSignal
): Promise<ArrayBuffer> {
  return reading(() => answer.arrayBuffer(), signal);
}

/** Names what makes the network fail, also in the middle of a body. */
async function reading<T>(
  read: () => Promise<T>,
  signal: AbortSignal | undefined
): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (signal?.aborted) {
      throw new CancelledError(error);
    }
    throw new NetworkError('The Jupyter server does not answer.', error);
  }
}

function addressOf(
  settings: ServerConnection.ISettings,
  request: GatewayRequest
): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(request.query ?? {})) {
    const values = Array.isArray(value) ? value : [value];
    values.forEach(each => query.append(name, String(each)));
  }
  if (request.isBackground) {
    query.set('no_track_activity', '1');
  }
  const base = URLExt.join(settings.baseUrl, CONTRACT.routes.base);
  const search = query.toString();
  return `${base}/${request.path}${search ? `?${search}` : ''}`;
}

/** Address of an artifact of a run, for the browser itself; a folder is answered as a zip. */
export function artifactAddress(
  settings: ServerConnection.ISettings,
  connectionId: string,
  artifact: Readonly<{ runId: string; path: string }>
): string {
  const names = [artifact.runId, ...artifact.path.split('/')];
  const route = [CONTRACT.routes.artifacts, ...names.map(encodeURIComponent)];
  const path = connectionPath(connectionId, route.join('/'));
  return addressOf(settings, { path });
}

/** Path of a connection's routes, below the extension's address. */
export function connectionPath(connectionId: string, route: string): string {
  const id = encodeURIComponent(connectionId);
  return `${CONTRACT.routes.connections}/${id}/${route}`;
}
