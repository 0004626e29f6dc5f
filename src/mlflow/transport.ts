/** One request to an MLflow server. */
export type TransportRequest = Readonly<{
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below the server's address, such as `api/2.0/mlflow/runs/get`. */
  path: string;
  query?: Readonly<Record<string, string | number | readonly string[]>>;
  body?: unknown;
}>;

/** Sends one request and gets unknown JSON, or throws an MlflowError. */
export interface ITransport {
  send(request: TransportRequest, signal?: AbortSignal): Promise<unknown>;
}
