/** The player: seeking, the queue, formats that Chromium lacks, and what it knows after a restart. */
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '../fixtures/analysed.ts';
import { LibraryPage } from '../pages/library-page.ts';
import { Player } from '../pages/player.ts';

test('playing, seeking by mouse and keys, what follows', async ({ studio }) => {
  const { page } = studio;
  const library = new LibraryPage(page);
  const player = new Player(page);
  await library.startOver();
  await library.row('Corner of Light').dblclick();
  await expect(player.pause).toBeVisible();
  await expect.poll(() => player.seconds()).toBeGreaterThan(0);
  await expect(player.genres.first()).toBeAttached();
  await player.pause.click();

  const box = await player.position.boundingBox();
  if (box === null) throw new Error('The waveform is on screen.');
  await page.mouse.click(box.x + box.width * 0.75, box.y + box.height / 2);
  await expect.poll(() => player.seconds()).toBe(15);
  await player.position.focus();
  await page.keyboard.press('Home');
  await expect.poll(() => player.seconds()).toBe(0);
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => player.seconds()).toBeGreaterThan(0);

  await library.row('Varanda').click();
  await page.keyboard.press('Shift+Q');
  await library.row('Iron Orchard').click();
  await page.keyboard.press('q');
  await player.queueButton.click();
  await expect(player.queueRows.filter({ hasText: 'Varanda' }).first()).toBeVisible();
  await player.next.click();
  await expect(player.title('Varanda')).toBeVisible();
  await player.next.click();
  await expect(player.title('Iron Orchard')).toBeVisible();
  await player.queue.getByRole('button', { name: 'Played' }).click();
  await expect(player.queue.getByRole('row').filter({ hasText: 'Varanda' }).first()).toBeVisible();
  await player.queue.getByRole('button', { name: 'Close the queue' }).click();
  await expect(player.queue).toBeHidden();
});

test('at its end the next track begins by itself', async ({ studio }) => {
  const { page } = studio;
  const library = new LibraryPage(page);
  const player = new Player(page);
  await library.startOver();
  const [first = '', second = ''] = await library.list.column('Title');
  await library.row(first).dblclick();
  await expect(player.pause).toBeVisible();
  await expect.poll(() => player.seconds()).toBeGreaterThan(0);
  const box = await player.position.boundingBox();
  if (box === null) throw new Error('The waveform is on screen.');
  await page.mouse.click(box.x + box.width * 0.95, box.y + box.height / 2);
  await expect(player.title(second)).toBeVisible();
  await player.pause.click();
});

for (const ending of ['aiff', 'wma', 'wv', 'alac'] as const)
  test(`${ending} plays and is sought, which Chromium cannot`, async ({ studio, demo }) => {
    const library = new LibraryPage(studio.page);
    const player = new Player(studio.page);
    await library.startOver();
    const ofKind = demo.tracks.filter(({ file }) => file.endsWith(ending === 'alac' ? '.m4a' : `.${ending}`));
    // m4a holds AAC and ALAC in turn.
    const track = ofKind[ending === 'alac' ? 1 : 0];
    if (track === undefined) throw new Error('The demo library has every container.');
    await library.row(track.title).dblclick();
    await expect(player.title(track.title)).toBeVisible();
    await expect.poll(() => player.seconds()).toBeGreaterThan(0);
    const box = await player.position.boundingBox();
    if (box === null) throw new Error('The waveform is on screen.');
    await studio.page.mouse.click(box.x + box.width * 0.6, box.y + box.height / 2);
    await expect.poll(() => player.seconds()).toBeGreaterThanOrEqual(12);
    await expect(player.problem).toHaveCount(0);
    await player.pause.click();
  });

test('volume, track and place in it survive a restart', async ({ launch, analysedData, scratch }) => {
  const dataDir = join(scratch, 'data');
  await cp(analysedData, dataDir, { recursive: true });
  const first = await launch({ dataDir });
  const before = { library: new LibraryPage(first.page), player: new Player(first.page) };
  await before.library.row('Chrome Coast').dblclick();
  await expect.poll(() => before.player.seconds()).toBeGreaterThan(0);
  await before.player.pause.click();
  const box = await before.player.position.boundingBox();
  if (box === null) throw new Error('The waveform is on screen.');
  await first.page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await before.player.volume.fill('0.35');
  await expect.poll(() => before.player.seconds()).toBe(10);
  await first.quit();

  const second = await launch({ dataDir });
  const player = new Player(second.page);
  await expect(player.title('Chrome Coast')).toBeVisible();
  await expect(player.volume).toHaveValue('0.35');
  await expect.poll(() => player.seconds()).toBe(10);
  await expect(player.play).toBeVisible();
  await player.play.click();
  await expect.poll(() => player.seconds()).toBeGreaterThan(10);
});
