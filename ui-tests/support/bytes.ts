import type { Page } from '@playwright/test';
import type { Lab } from './lab';
import { until } from './server';

/** Of all chunks only the one of styles holds rules of ours and no plugin. */
function isStyle(text: string): boolean {
  return (
    text.includes('.jp-Experiments-') &&
    !text.includes('jupyterlab-experiments:tracking')
  );
}

/** Bytes of our scripts, styles apart, that a page has loaded, by file name. */
function countScripts(page: Page): Map<string, number> {
  const sizes = new Map<string, number>();
  page.on('response', async response => {
    const { pathname } = new URL(response.url());
    if (
      pathname.includes('/extensions/jupyterlab-experiments/') &&
      pathname.endsWith('.js')
    ) {
      const name = pathname.split('/').pop() ?? pathname;
      const body = await response.body();
      if (!isStyle(body.toString())) {
        sizes.set(name, body.length);
      }
    }
  });
  return sizes;
}

/** Sum of the bytes once no further script has come for two seconds. */
async function settledBytes(
  sizes: ReadonlyMap<string, number>
): Promise<number> {
  let seen = -1;
  let quiet = 0;
  await until('the scripts to be loaded', async () => {
    quiet = sizes.size === seen ? quiet + 1 : 0;
    seen = sizes.size;
    return seen >= 2 && quiet >= 20;
  });
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

/** What JupyterLab without a notebook loads of ours: bytes by file, and their sum. */
export async function startBytes(
  lab: Lab
): Promise<{ sizes: ReadonlyMap<string, number>; bytes: number }> {
  const sizes = countScripts(lab.page);
  await lab.page.goto(`${lab.server.url}/lab?token=${lab.server.token}`);
  await lab.ready();
  return { sizes, bytes: await settledBytes(sizes) };
}
