import { expect, test } from '../support/lab';

const COUNT = 60;
const CELL = `%%run live --quiet
import mlflow, time
mlflow.log_metric('loss', 0.5, step=0)
time.sleep(3)
sent = {}
for step in range(1, ${COUNT + 1}):
    value = 1000 + step
    sent[value] = time.time() * 1000
    mlflow.log_metric('loss', float(value), step=step)
    time.sleep(0.25)
import json
print('SENT' + json.dumps(sent))`;

/** Median of numbers. */
function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

test('a logged number is in the panel soon, without a request for it', async ({
  lab,
  page
}) => {
  lab.write('live.ipynb', [CELL]);
  await lab.open('live.ipynb');
  await lab.openPanel();
  await lab.runCell(0, { wait: false });
  await expect(lab.row('live')).toContainText('0.5');
  // Requests about rows and values while numbers stream in.
  const asked: string[] = [];
  page.on('request', request => {
    if (/runs-table|metric-history|runs\/(search|get)/.test(request.url())) {
      asked.push(request.url());
    }
  });
  await page.evaluate(() => {
    const seen: Record<string, number> = {};
    (window as unknown as { seen: Record<string, number> }).seen = seen;
    const grid = document.querySelector('#experiments-panel') as HTMLElement;
    new MutationObserver(() => {
      const found = grid.innerText.match(/\b10[0-6]\d\b/);
      if (found && !(found[0] in seen)) {
        seen[found[0]] = Date.now();
      }
    }).observe(grid, {
      subtree: true,
      childList: true,
      characterData: true
    });
  });
  await lab.cellDone(0);
  const text = await lab.output(0).first().innerText();
  const sent = JSON.parse(text.slice(text.indexOf('SENT') + 4)) as Record<
    string,
    number
  >;
  const seen = await page.evaluate(
    () => (window as unknown as { seen: Record<string, number> }).seen
  );
  const waits = Object.entries(seen).map(([value, at]) => at - sent[value]);
  console.log(
    `from log_metric to the panel: median ${median(waits).toFixed(0)} ms of ${
      waits.length
    } numbers (worst ${Math.max(...waits).toFixed(0)} ms); requests meanwhile: ${
      asked.length
    }`
  );
  expect(waits.length).toBeGreaterThan(COUNT / 2);
});
