/** Search, genres, one track, similar tracks. */
import { expect, test } from '../fixtures/analysed.ts';
import { CorrectGenreDialog, GenresPage } from '../pages/genres-page.ts';
import { LibraryPage } from '../pages/library-page.ts';
import { SearchBox } from '../pages/search-box.ts';
import { SimilarPage } from '../pages/similar-page.ts';
import { TrackPage } from '../pages/track-page.ts';

test.beforeEach(async ({ studio }) => {
  await new LibraryPage(studio.page).startOver();
});

test('search suggests values with counts, and shows what it understood as chips', async ({
  studio,
  demo,
}) => {
  const { page } = studio;
  const library = new LibraryPage(page);
  const search = new SearchBox(page);
  await search.type('artist:mi');
  await expect(search.offers.getByRole('option', { name: /Mira Vale 2 tracks/ })).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(search.field).toHaveValue(/^artist:"Mira Vale"\s*$/);
  await library.list.waitForRows(2);
  await search.term('Leave out Mira Vale').click();
  await library.list.waitForRows(demo.tracks.length - 2);
  await search.terms.getByRole('button', { name: /^Remove .* from the search$/ }).click();
  await library.list.waitForRows(demo.tracks.length);
  await expect(search.terms).toHaveCount(0);

  await search.type('cafe');
  await library.list.waitForRows(1);
  await expect(library.row('Waltz for a Closed Café')).toBeVisible();
});

test('a mistake in the search is pointed at', async ({ studio }) => {
  const search = new SearchBox(studio.page);
  await search.type('year:1990..19x9');
  await studio.page.keyboard.press('Escape');
  await expect(search.field).toHaveAttribute('aria-invalid', 'true');
  await expect(search.mistake).not.toBeEmpty();
  await search.type('year:1990..1999');
  await expect(search.field).toHaveAttribute('aria-invalid', 'false');
  await expect(search.mistake).toHaveCount(0);
});

test('a search becomes a smart playlist', async ({ studio, demo }) => {
  const { page } = studio;
  const library = new LibraryPage(page);
  const search = new SearchBox(page);
  await search.type('year:>=2015');
  await expect(search.terms.getByRole('listitem')).toHaveCount(1);
  const found = demo.tracks.filter(({ year }) => year >= 2015).length;
  await library.list.waitForRows(found);
  await search.saveAsSmart.click();
  await page.getByRole('textbox', { name: 'Name of the smart playlist' }).fill('Newer');
  await page.keyboard.press('Enter');
  await expect(library.node('Playlists', `Newer ${found}`)).toBeVisible();
});

test('Enter opens a track wherever there are rows, and the way back leads to the row', async ({ studio }) => {
  const { page } = studio;
  const library = new LibraryPage(page);
  const track = new TrackPage(page);
  const { list } = library;
  const openThirdRow = async (): Promise<void> => {
    await expect(list.rows.nth(2)).toBeVisible();
    const [, , title = ''] = await list.column('Title');
    await list.row(title).click();
    await page.keyboard.press('Enter');
    await expect(track.heading(title)).toBeVisible();
    // The arrow keys scroll what was opened.
    await expect(track.article).toBeFocused();
    await page.keyboard.press('Alt+ArrowLeft');
    await expect(list.grid.getByRole('row', { selected: true })).toContainText(title);
    await expect(list.grid).toBeFocused();
    await page.keyboard.press('ArrowUp');
    await expect(list.grid.getByRole('row', { selected: true })).toHaveAttribute('aria-rowindex', '3');
  };
  await openThirdRow();

  await library.search('year:>=1990');
  await expect(new SearchBox(page).terms.getByRole('listitem')).toHaveCount(1);
  await openThirdRow();
  await expect(page.getByRole('combobox', { name: 'Search' })).toHaveValue('year:>=1990');

  await studio.ask('playlists.create', { name: 'To open', trackIds: [4, 2, 9, 2] });
  await library.node('Playlists', /^To open/).click();
  await expect(list.grid).toHaveAccessibleName('Tracks: To open');
  await openThirdRow();

  await page.keyboard.press('s');
  await expect(list.grid).toHaveAccessibleName(/Similar to/);
  await openThirdRow();
});

test('genres: counts follow the threshold, companions lead on', async ({ studio, demo }) => {
  const { page } = studio;
  const library = new LibraryPage(page);
  const genres = new GenresPage(page);
  await genres.open();
  const first = await genres.countOf('Electronic');
  expect(first).toBeGreaterThan(0);
  await genres.overview.getByRole('button', { name: /^Electronic/ }).click();
  await expect(genres.facts('Electronic')).toContainText(`${first} of ${demo.tracks.length} analysed tracks`);
  await library.list.waitForRows(first);
  await expect(genres.companions('Electronic').first()).toBeVisible();

  await genres.threshold.focus();
  await page.keyboard.press('Home');
  await expect.poll(() => genres.countOf('Electronic')).toBeGreaterThan(first);
  await page.keyboard.press('End');
  await expect.poll(() => genres.countOf('Electronic')).toBe(0);
  await genres.ownThresholds.click();
  await expect.poll(() => genres.countOf('Electronic')).toBe(first);
  await library.list.waitForRows(first);

  const companion = genres.companions('Electronic').first();
  const name = (await companion.getAttribute('aria-label'))?.split(':')[0] ?? '';
  await companion.click();
  await expect(library.list.grid).toHaveAccessibleName(`Tracks: ${name}`);
});

test('a genre is corrected with G, and undone', async ({ studio }) => {
  const { page } = studio;
  const library = new LibraryPage(page);
  const correct = new CorrectGenreDialog(page);
  const genresOfTrack = library.details.getByRole('list', { name: 'Genres', exact: true });
  await library.row('Varanda').click();
  await page.keyboard.press('g');
  await correct.field.fill('jazz');
  await expect(correct.option('Jazz')).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(library.notice('1 track is Jazz.')).toBeVisible();
  await expect(genresOfTrack.getByRole('button', { name: 'Jazz' })).toBeVisible();
  await expect(library.node('Genres', 'Jazz 1')).toBeVisible();
  await expect(library.row('Varanda')).toContainText('Jazz');

  await library.notice('1 track is Jazz.').getByRole('button', { name: 'Undo' }).click();
  await expect(genresOfTrack.getByRole('button', { name: 'Jazz' })).toHaveCount(0);
  await expect(library.node('Genres', /^Jazz/)).toHaveCount(0);
});

test('one track: evidence for a genre, what is near, its history', async ({ studio }) => {
  const { page } = studio;
  const library = new LibraryPage(page);
  const track = new TrackPage(page);
  await library.row('Pressure Room').click();
  await page.keyboard.press('t');
  await expect(track.heading('Pressure Room')).toBeVisible();
  const best = (await track.genres.getByRole('button').first().innerText()).trim();
  await expect(track.evidence(best)).toContainText(/has \d+ ?%; it counts from \d+ ?%/, { timeout: 60_000 });
  await expect(track.evidence(best).getByRole('listitem').first()).toBeVisible();

  await track.genreToExplain.selectOption('Rock');
  await expect(track.evidence('Rock')).toContainText(/Rock has \d+ ?%/, { timeout: 60_000 });
  await expect(track.similar.first()).toBeVisible();

  await expect(track.history.filter({ hasText: 'Added to the library' })).toHaveCount(1);
  await expect(track.history.filter({ hasText: 'Analysed by' })).toHaveCount(1);
  await track.article.getByRole('button', { name: 'Rate 4 stars' }).click();
  await expect(track.history.filter({ hasText: 'Rated 4 (was 0)' })).toHaveCount(1);
});

test('similar: weights, more and less like this, listening in', async ({ studio }) => {
  const { page } = studio;
  const library = new LibraryPage(page);
  const similar = new SimilarPage(page);
  await library.row('Corner of Light').click();
  await page.keyboard.press('s');
  await expect(library.list.grid).toHaveAccessibleName('Tracks: Similar to Corner of Light');
  const order = () => library.list.column('Title');
  await expect.poll(async () => (await order()).length).toBeGreaterThan(5);
  const scores = (await library.list.column('Similarity')).map(Number);
  expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  const before = await order();

  await similar.openWeights();
  await similar.weight('Other genres').focus();
  await page.keyboard.press('End');
  await expect.poll(order).not.toEqual(before);
  await similar.asAtFirst.click();
  await expect.poll(order).toEqual(before);

  const [unwanted = ''] = before;
  await library.row(unwanted).click();
  await similar.lessLikeSelected.click();
  await expect(similar.lessLike).toHaveText([new RegExp(unwanted)]);
  await expect(library.row(unwanted)).toHaveCount(0);
  await similar.lessLike.getByRole('button', { name: /^Take out/ }).click();
  await expect(library.row(unwanted)).toBeVisible();
  await library.row(unwanted).click();
  await page.keyboard.press('y');
  await expect(similar.moreLike).toHaveCount(2);
  await similar.moreLike.getByRole('button', { name: /^Take out/ }).click();

  const [heard = ''] = await order();
  await library.row(heard).click();
  await page.keyboard.press('a');
  await expect(similar.listenIn).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByRole('status').filter({ hasText: `Listening into` })).toContainText(heard);
  await page.keyboard.press('a');
  await expect(similar.listenIn).toHaveAttribute('aria-pressed', 'false');
});
