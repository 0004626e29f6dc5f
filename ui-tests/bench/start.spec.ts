import { countScripts } from '../support/bytes';
import { test } from '../support/lab';
import { until } from '../support/server';

test('bytes of ours that JupyterLab starts with', async ({
  lab,
  page,
  server
}) => {
  const sizes = countScripts(page);
  await page.goto(`${server.url}/lab?token=${server.token}`);
  await lab.ready();
  await until('our scripts to be counted', async () => sizes.size >= 2);
  const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  console.log(`at start: ${bytes} bytes in ${sizes.size} files`);
});
