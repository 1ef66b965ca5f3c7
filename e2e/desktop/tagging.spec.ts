/** Tags on real files: proposed, reviewed, written and taken back, by the keyboard; what stands in the way is told. */
import { createHash } from 'node:crypto';
import { chmod, cp, readFile, writeFile } from 'node:fs/promises';
import { basename, extname, join, relative } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import type {
  LibraryCounts,
  ReviewPage,
  TagBatch,
  TagPolicy,
  TagWrite,
  Track,
  TrackWindow,
} from '#shared/domain.ts';
import type { Desktop, LaunchOptions } from '../fixtures/desktop.ts';
import { expect, test } from '../fixtures/desktop.ts';
import type { DemoLibrary } from '../fixtures/folders.ts';
import { LibraryPage } from '../pages/library-page.ts';
import { ActivityPage, Palette, SettingsPage } from '../pages/screens.ts';
import { TaggingPage } from '../pages/tagging-page.ts';

const ANALYSIS_TIMEOUT_MS = 150_000;
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Real files of their own, because these tests change them. */
interface Crate {
  readonly desktop: Desktop;
  readonly tracks: readonly Track[];
}

const hashOf = async (file: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
const hashesOf = (tracks: readonly Track[]): Promise<readonly string[]> =>
  Promise.all(tracks.map(({ path }) => hashOf(path)));

/** The app with one analysed file of each format (except some), and a policy that adds to what they say. */
async function crateIn(
  folder: string,
  launch: (options: LaunchOptions) => Promise<Desktop>,
  demo: DemoLibrary,
  except: readonly string[] = ['.wma'],
): Promise<Crate> {
  const music = join(folder, 'music');
  const wanted = demo.tracks.filter(({ file }) => !except.includes(extname(file)));
  const byFormat = Map.groupBy(wanted, ({ file }) => extname(file));
  for (const [one] of byFormat.values()) {
    if (one !== undefined) await cp(one.file, join(music, relative(demo.folder, one.file)));
  }
  const desktop = await launch({ dataDir: join(folder, 'data'), folders: [music] });
  await expect
    .poll(() => desktop.ask<LibraryCounts>('library.counts'), { timeout: ANALYSIS_TIMEOUT_MS })
    .toMatchObject({ all: byFormat.size, analysed: byFormat.size, pending: 0 });
  const { fields } = await desktop.ask<TagPolicy>('tags.policy');
  const genre = { mode: 'append', minimumConfidence: 0.02, most: 2 };
  await desktop.ask('tags.setPolicy', { fields: { ...fields, genre } });
  return { desktop, tracks: await tracksOf(desktop) };
}

async function tracksOf({ ask }: Desktop): Promise<readonly Track[]> {
  const input = { query: {}, sort: [{ field: 'path' }], offset: 0, limit: 100 };
  return (await ask<TrackWindow>('tracks.window', input)).rows;
}
async function batchesOf({ ask }: Desktop): Promise<readonly TagBatch[]> {
  return (await ask<{ batches: readonly TagBatch[] }>('tags.batches', { offset: 0, limit: 20 })).batches;
}
/** So many batches there are, and every one is through. */
async function batchesDone(desktop: Desktop, count: number): Promise<void> {
  await expect
    .poll(async () => (await batchesOf(desktop)).map(({ state }) => state), { timeout: 60_000 })
    .toEqual(Array.from({ length: count }, () => 'done'));
}

/** One line for each violation: the rule and the elements. */
async function violations(page: Page): Promise<readonly string[]> {
  // Menus and dialogues fade in: a colour half way is none of ours.
  await page.waitForTimeout(400);
  const found = await new AxeBuilder({ page }).setLegacyMode(true).withTags(rules).analyze();
  return found.violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map(({ target, failureSummary }) => `${target.join(' ')} (${failureSummary})`).join('; ')}`,
  );
}

test('proposed, reviewed, written and taken back without a mouse', async ({ launch, scratch, demo }) => {
  const { desktop, tracks } = await crateIn(scratch, launch, demo);
  const { page } = desktop;
  const tagging = new TaggingPage(page);
  const before = await hashesOf(tracks);

  await new Palette(page).run('propose tags for the whole', /^Propose tags for the whole library/);
  await tagging.openReview();
  await expect(tagging.queue).toBeFocused();
  await expect.poll(() => tagging.count(tagging.queue)).toBeGreaterThan(3);
  const count = await tagging.count(tagging.queue);

  // One key a track; the last decision is taken back, and made in another way.
  const first = await tagging.focusedRow(tagging.queue);
  await page.keyboard.press('r');
  await expect.poll(() => tagging.count(tagging.queue)).toBe(count - 1);
  expect(await tagging.focusedRow(tagging.queue)).not.toBe(first);
  await page.keyboard.press('z');
  await expect.poll(() => tagging.count(tagging.queue)).toBe(count);
  await expect.poll(() => tagging.focusedRow(tagging.queue)).toBe(first);
  await page.keyboard.press('e');
  await expect(tagging.editor.getByRole('combobox')).toBeFocused();
  await page.keyboard.type('By hand');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect(tagging.editor).toHaveCount(0);
  await expect.poll(() => tagging.count(tagging.queue)).toBe(count - 1);
  await expect(tagging.queue).toBeFocused();
  for (let left = count - 1; left > 0; left -= 1) await page.keyboard.press('a');
  await expect(page.getByRole('heading', { name: 'Everything is decided' })).toBeVisible();

  // Not a byte was written yet.
  expect(await hashesOf(tracks)).toEqual(before);
  await page.keyboard.press('Control+Enter');
  await expect(tagging.writing).toContainText(`Genre: ${count} files`);
  await tagging.confirm(tagging.writing, `Write ${count} files`);
  await batchesDone(desktop, 1);
  expect((await batchesOf(desktop))[0]).toMatchObject({ kind: 'write', written: count, failed: 0 });
  const written = await tracksOf(desktop);
  expect(written.filter(({ genreTags }) => genreTags.includes('By hand'))).toHaveLength(1);
  const after = await hashesOf(tracks);
  expect(after.filter((hash, index) => hash !== before[index])).toHaveLength(count);

  await tagging.openHistory();
  await expect.poll(() => tagging.count(tagging.writes)).toBe(count);
  await tagging.reach(page.getByRole('button', { name: 'Undo this batch …' }));
  await page.keyboard.press('Enter');
  await expect(tagging.undoing).toContainText(`${count} fields in ${count} files`);
  await tagging.confirm(tagging.undoing, `Undo ${count} fields`);
  await batchesDone(desktop, 2);
  expect(await hashesOf(tracks), 'every byte is as it was').toEqual(before);
  expect((await tracksOf(desktop)).map(({ genreTags }) => genreTags)).toEqual(
    tracks.map(({ genreTags }) => genreTags),
  );

  // The undo is taken back: what was written stands there again.
  await expect(tagging.batches).toHaveCount(2);
  await tagging.reach(tagging.batches.and(page.getByRole('option', { selected: true })));
  await page.keyboard.press('ArrowUp');
  await expect(page.getByRole('button', { name: 'Write it again …' })).toBeVisible();
  await tagging.reach(page.getByRole('button', { name: 'Write it again …' }));
  await page.keyboard.press('Enter');
  await tagging.confirm(tagging.undoing, `Undo ${count} fields`);
  await batchesDone(desktop, 3);
  expect((await tracksOf(desktop)).map(({ genreTags }) => genreTags)).toEqual(
    written.map(({ genreTags }) => genreTags),
  );
  expect(desktop.pageErrors).toEqual([]);
});

test('what another hand changed, what must not be changed, and what plays is left alone and told', async ({
  launch,
  scratch,
  demo,
}) => {
  const { desktop } = await crateIn(scratch, launch, demo, []);
  const { page } = desktop;
  const [library, tagging] = [new LibraryPage(page), new TaggingPage(page)];
  await desktop.ask('tags.propose', {});
  await desktop.ask('tags.decideAll', { decision: 'accept', dryRun: false });
  const { rows } = await desktop.ask<ReviewPage>('tags.review', { state: 'accepted', offset: 0, limit: 50 });
  const ofKind = (ending: RegExp): Track => {
    const found = rows.find(({ track }) => ending.test(track.path))?.track;
    if (found === undefined) throw new Error(`There is no proposal for ${String(ending)}.`);
    return found;
  };
  const [flac, mp3] = [ofKind(/\.flac$/u), ofKind(/\.mp3$/u)];
  const playing = rows
    .map(({ track }) => track)
    .find(({ id, path }) => id !== flac.id && id !== mp3.id && !path.endsWith('.wma'));
  if (playing === undefined) throw new Error('There are too few proposals.');

  // One cannot be written by its permissions and one by its kind; one is in the player's hands.
  await chmod(mp3.path, 0o444);
  const readOnly = await hashOf(mp3.path);
  const held = await hashOf(playing.path);
  await library.row(playing.title ?? '').click();
  await page.keyboard.press('t');
  // Alone: of a list, the player would hold the next one, too.
  await page.getByRole('article').getByRole('button', { name: 'Play', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Pause', exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await tagging.openReview();
  await page.keyboard.press('Control+Enter');
  await expect(tagging.writing).toContainText('2 files cannot be written now');
  await tagging.confirm(tagging.writing, `Write ${rows.length} files`);
  await expect
    .poll(async () => (await batchesOf(desktop))[0], { timeout: 60_000 })
    .toMatchObject({ written: rows.length - 3, failed: 2 });
  await new ActivityPage(page).open();
  const section = page.getByRole('region', { name: 'Tags', exact: true });
  await expect(section.getByRole('list', { name: 'Files that could not be written' })).toContainText(
    basename(mp3.path),
  );
  await expect(section.getByText('1 file waits: the player holds it.')).toBeVisible();
  expect([await hashOf(mp3.path), await hashOf(playing.path)]).toEqual([readOnly, held]);

  // The player lets go, and the file is written; the other one once it may be.
  await section.getByRole('button', { name: 'Let go in the player' }).click();
  await batchesDone(desktop, 1);
  expect(await hashOf(playing.path)).not.toBe(held);
  await chmod(mp3.path, 0o644);
  await section.getByRole('button', { name: 'Try these again' }).click();
  await expect.poll(async () => (await batchesOf(desktop))[0]).toMatchObject({ failed: 1 });
  await expect.poll(() => hashOf(mp3.path)).not.toBe(readOnly);

  // Another program writes into one of them: undo leaves that one alone.
  const [wrote] = await desktop
    .ask<{ writes: readonly TagWrite[] }>('tags.writes', { trackId: flac.id, offset: 0, limit: 1 })
    .then(({ writes }) => writes);
  const bytes = await readFile(flac.path);
  const value = Buffer.from(wrote?.after.at(-1) ?? '', 'utf8');
  const at = bytes.indexOf(value);
  expect(at).toBeGreaterThan(0);
  bytes.write('X'.repeat(value.length), at);
  await writeFile(flac.path, bytes);
  const theirs = await hashOf(flac.path);
  await tagging.openHistory();
  await page.getByRole('button', { name: 'Undo this batch …' }).click();
  const conflict = tagging.undoing.getByRole('row').filter({ hasText: basename(flac.path) });
  await expect(conflict).toContainText('X'.repeat(value.length));
  await tagging.confirm(tagging.undoing, `Undo ${rows.length - 2} fields`);
  await batchesDone(desktop, 2);
  expect(await hashOf(flac.path)).toBe(theirs);
  expect(await hashOf(mp3.path)).toBe(readOnly);
});

test('every screen of it meets WCAG 2.2 AA in both themes, and fits a small window', async ({
  launch,
  scratch,
  demo,
}) => {
  const { desktop } = await crateIn(scratch, launch, demo);
  const { app, page } = desktop;
  const tagging = new TaggingPage(page);
  await tagging.openReview();
  await expect(page.getByRole('heading', { name: 'Bring what was heard into your files' })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await desktop.ask('tags.propose', {});
  await expect(tagging.queue).toBeVisible();
  await page.keyboard.press('a');
  await page.keyboard.press('a');
  await expect(page.getByRole('button', { name: 'Write 2 accepted …' })).toBeVisible();
  await desktop.ask('tags.apply', {});
  await batchesDone(desktop, 1);
  for (const theme of ['Light', 'Dark'] as const) {
    await new Palette(page).run(`${theme} theme`, new RegExp(`^${theme} theme`)).catch(async () => {
      // It is the one that is shown already: then there is no such command.
      await page.keyboard.press('Escape');
    });
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme.toLowerCase());
    await tagging.openHistory();
    await expect(tagging.batches.first()).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Undo this batch …' }).click();
    await expect(tagging.undoing.getByRole('button', { name: /^Undo \d/ })).toBeEnabled();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await tagging.openReview();
    await page.getByRole('combobox', { name: 'Order' }).selectOption('album');
    await expect(tagging.detail.getByText(/stay byte for byte/)).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Accept above …' }).click();
    await expect(tagging.above.getByRole('slider')).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await tagging.queue.focus();
    await page.keyboard.press('e');
    await expect(tagging.editor).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await new SettingsPage(page).open();
    await expect(page.getByRole('region', { name: 'Tags', exact: true })).toBeVisible();
    expect(await violations(page)).toEqual([]);
  }
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(900, 600));
  await page.waitForFunction(() => innerWidth === 900);
  await tagging.openReview();
  await expect(tagging.queue).toBeVisible();
  const overflowing = await page.evaluate(
    () =>
      document.documentElement.scrollWidth > innerWidth ||
      document.documentElement.scrollHeight > innerHeight,
  );
  expect(overflowing).toBe(false);
  for (const name of ['Propose tags', 'Accept above …', 'Write …'])
    await expect(page.getByRole('button', { name })).toBeInViewport({ ratio: 1 });
});
