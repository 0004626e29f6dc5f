import { startBytes } from '../support/bytes';
import { test } from '../support/lab';

test('bytes of ours that JupyterLab starts with', async ({ lab }) => {
  const { sizes, bytes } = await startBytes(lab);
  console.log(`at start: ${bytes} bytes in ${sizes.size} files`);
});
