import { startBytes } from '../support/bytes';
import { expect, test } from '../support/lab';

test('JupyterLab starts with under 60 kB of ours', async ({ lab }) => {
  const { sizes, bytes } = await startBytes(lab);
  expect(bytes, JSON.stringify([...sizes])).toBeLessThan(60_000);
});
