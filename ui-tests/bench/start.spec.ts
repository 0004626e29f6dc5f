import { countScripts, settledBytes } from '../support/bytes';
import { test } from '../support/lab';

test('bytes of ours that JupyterLab starts with', async ({
  lab,
  page,
  server
}) => {
  const sizes = countScripts(page);
  await page.goto(`${server.url}/lab?token=${server.token}`);
  await lab.ready();
  const bytes = await settledBytes(sizes);
  console.log(`at start: ${bytes} bytes in ${sizes.size} files`);
});
