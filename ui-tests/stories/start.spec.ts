import { countScripts, settledBytes } from '../support/bytes';
import { expect, test } from '../support/lab';

test('JupyterLab starts with under 60 kB of ours', async ({
  lab,
  page,
  server
}) => {
  const sizes = countScripts(page);
  await page.goto(`${server.url}/lab?token=${server.token}`);
  await lab.ready();
  const bytes = await settledBytes(sizes);
  expect(bytes, JSON.stringify([...sizes])).toBeLessThan(60_000);
});
