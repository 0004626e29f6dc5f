import { expect, test } from '../support/lab';

const PAGE = `<title>before</title><script>
  document.title = 'script ' + window.origin;
  fetch('/api/contents').then(
    answer => { document.title += ' read ' + answer.status; },
    () => { document.title += ' kept out'; }
  );
</script>`;
const DRAWING = `<svg xmlns="http://www.w3.org/2000/svg"><script>document.documentElement.id = 'ran'</script></svg>`;

test('an artifact is opened from its run, and a page or drawing with a script has no rights here', async ({
  lab
}) => {
  lab.write('files.ipynb', [
    `import mlflow
with mlflow.start_run(run_name='with files'):
    mlflow.log_text('it is 42', 'notes/a b & ü.txt')
    mlflow.log_text(${JSON.stringify(PAGE)}, 'page.html')
    mlflow.log_text(${JSON.stringify(DRAWING)}, 'drawing.svg')`
  ]);
  await lab.open('files.ipynb');
  await lab.openPanel();
  await lab.runCell(0);
  await lab.row('with files').click();
  await lab.page.keyboard.press('Enter');
  const page = lab.page.locator('.jp-Experiments-runPage');
  const opened = async (name: string) => {
    const popup = lab.page.waitForEvent('popup');
    await page.getByRole('link', { name, exact: true }).click();
    return popup;
  };
  const shown = await opened('page.html');
  await expect(shown).toHaveTitle('script null kept out');
  const drawing = await opened('drawing.svg');
  await expect(drawing.locator('svg')).toHaveCount(1);
  await expect(drawing.locator('#ran')).toHaveCount(0);
  await page.getByRole('button', { name: 'notes/' }).click();
  const text = await opened('a b & ü.txt');
  await expect(text.locator('body')).toHaveText('it is 42');
  const zip = lab.page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download as zip' }).click();
  expect((await zip).suggestedFilename()).toBe('notes.zip');
});
