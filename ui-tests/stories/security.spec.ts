import { expect, test } from '../support/lab';

const ROUTES = [
  'status',
  'kernel-part',
  'connections',
  'connections/default/api/2.0/mlflow/experiments/search?max_results=1'
];

test('no route answers without the token', async ({ server }) => {
  for (const route of ROUTES) {
    const answer = await fetch(
      `${server.url}/jupyterlab-experiments/${route}`,
      {
        redirect: 'manual'
      }
    );
    expect([401, 403], route).toContain(answer.status);
  }
});

test('a cookie without the XSRF token changes nothing', async ({
  lab,
  page,
  server
}) => {
  lab.write('x.ipynb', ['1']);
  await lab.open('x.ipynb');
  const status = await page.evaluate(async url => {
    const answer = await fetch(
      `${url}/jupyterlab-experiments/connections/default/api/2.0/mlflow/experiments/create`,
      {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ name: 'forged' })
      }
    );
    return answer.status;
  }, server.url);
  expect(status).toBe(403);
});

test('nothing that the browser gets holds the token or the kernels’ token', async ({
  lab,
  page,
  server
}) => {
  const bodies: string[] = [];
  page.on('response', async response => {
    if (response.url().includes('/jupyterlab-experiments/')) {
      bodies.push(await response.text().catch(() => ''));
    }
  });
  lab.write('x.ipynb', [
    `import mlflow
with mlflow.start_run(): pass`
  ]);
  await lab.open('x.ipynb');
  await lab.openPanel();
  await lab.runCell(0);
  await expect(lab.rows).toHaveCount(1);
  expect(bodies.length).toBeGreaterThan(0);
  for (const body of bodies) {
    expect(body).not.toContain(server.token);
    expect(body).not.toContain('"token"');
  }
});
