import type { Page } from '@playwright/test';

/** Bytes of our scripts that a page has loaded, by file name. */
export function countScripts(page: Page): Map<string, number> {
  const sizes = new Map<string, number>();
  page.on('response', async response => {
    const { pathname } = new URL(response.url());
    if (
      pathname.includes('/extensions/jupyterlab-experiments/') &&
      pathname.endsWith('.js')
    ) {
      const name = pathname.split('/').pop() ?? pathname;
      sizes.set(name, (await response.body()).length);
    }
  });
  return sizes;
}
