import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

const SCRIPT = `import os, sys, mlflow
uri, name = sys.argv[1:]
mlflow.set_tracking_uri(uri)
with mlflow.start_run(run_name=name):
    mlflow.log_metric('score', 1)
`;

/** Make a store by the MLflow of an environment, as a script would: with one run. */
export function makeStore(
  environment: string,
  options: { folder: string; uri: string; run: string }
): void {
  mkdirSync(options.folder, { recursive: true });
  execFileSync(
    `${environment}/bin/python`,
    ['-c', SCRIPT, options.uri, options.run],
    {
      cwd: options.folder,
      stdio: 'ignore',
      env: {
        PATH: `${environment}/bin:/usr/bin:/bin`,
        HOME: options.folder,
        MLFLOW_DISABLE_TELEMETRY: 'true',
        GIT_PYTHON_REFRESH: 'quiet'
      }
    }
  );
}
