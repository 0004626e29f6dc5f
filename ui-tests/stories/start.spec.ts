import { countScripts } from '../support/bytes';
import { expect, test } from '../support/lab';
import { until } from '../support/server';

test('JupyterLab starts with under 60 kB of ours', async ({
  lab,
  page,
  server
}) => {
  const sizes = countScripts(page);
  await page.goto(`${server.url}/lab?token=${server.token}`);
  await lab.ready();
  await until('our scripts to be counted', async () => sizes.size >= 2);
  const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  expect(bytes, JSON.stringify([...sizes])).toBeLessThan(60_000);
});
