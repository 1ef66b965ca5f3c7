/** What the library holds: folders, counts and the genre tree, asked for again when the engine says they changed. */
import type { EngineClient } from '#shared/contract.ts';
import type { AppInfo, Folder, GenreCount, GenreList, LibraryCounts } from '#shared/domain.ts';

export interface GenreFamily extends GenreCount {
  readonly styles: readonly GenreCount[];
}

const noCounts: LibraryCounts = {
  all: 0,
  missing: 0,
  offline: 0,
  errors: 0,
  pending: 0,
  analysed: 0,
  recentlyAdded: 0,
  incoming: 0,
};

export class Library {
  #info = $state.raw<AppInfo | null>(null);
  #folders = $state.raw<readonly Folder[]>([]);
  #counts = $state.raw<LibraryCounts>(noCounts);
  #genres = $state.raw<GenreList>({ genres: [], unknownCount: 0, analysedCount: 0, earlierCount: 0 });
  /** Whether the first answers are there: before, "no folder yet" would be a guess. */
  #known = $state(false);
  #families = $derived(groupFamilies(this.#genres.genres));
  #client: EngineClient;
  #genreQuestion: AbortController | null = null;

  constructor(client: EngineClient) {
    this.#client = client;
  }

  get info(): AppInfo | null {
    return this.#info;
  }
  get folders(): readonly Folder[] {
    return this.#folders;
  }
  get counts(): LibraryCounts {
    return this.#counts;
  }
  /** Share of the library that is analysed, 0..1, of what can be; what a person wants to know of a run that was interrupted. */
  get analysedShare(): number {
    const { analysed, pending } = this.#counts;
    return analysed + pending === 0 ? 0 : analysed / (analysed + pending);
  }
  get genres(): GenreList {
    return this.#genres;
  }
  /** Families with at least one track, each with its styles that have any, in the engine's order. */
  get families(): readonly GenreFamily[] {
    return this.#families;
  }
  get known(): boolean {
    return this.#known;
  }

  genre(id: string): GenreCount | undefined {
    return this.#genres.genres.find((genre) => genre.id === id);
  }

  folder(id: number): Folder | undefined {
    return this.#folders.find((folder) => folder.id === id);
  }

  async refresh(minimumConfidence: number | null): Promise<void> {
    const info = this.#info === null ? this.#client.request('app.info', {}) : Promise.resolve(this.#info);
    // Each as it comes: one that fails takes nothing else along.
    await Promise.all([
      this.#client.request('library.folders', {}).then((folders) => (this.#folders = folders)),
      this.#client.request('library.counts', {}).then((counts) => (this.#counts = counts)),
      info.then((known) => (this.#info = known)),
      this.refreshGenres(minimumConfidence),
    ]);
    this.#known = true;
  }

  /** The counts of the tree at another confidence. A newer question takes the place of the older one. */
  async refreshGenres(minimumConfidence: number | null): Promise<void> {
    this.#genreQuestion?.abort();
    const question = new AbortController();
    this.#genreQuestion = question;
    const input = minimumConfidence === null ? {} : { minimumConfidence };
    try {
      const genres = await this.#client.request('genres.list', input, { signal: question.signal });
      if (this.#genreQuestion === question) this.#genres = genres;
    } catch (error) {
      if (this.#genreQuestion === question) throw error;
    }
  }

  async addFolders(paths: readonly string[]): Promise<readonly Folder[]> {
    const folders = await this.#client.request('library.addFolders', { paths: [...paths] });
    this.#folders = await this.#client.request('library.folders', {});
    return folders;
  }

  async removeFolder(folderId: number): Promise<void> {
    await this.#client.request('library.removeFolder', { folderId });
    this.#folders = this.#folders.filter(({ id }) => id !== folderId);
  }

  /** Looks for changes in the named folders, or in all. */
  async scan(folderIds?: readonly number[]): Promise<void> {
    await this.#client.request('library.scan', folderIds === undefined ? {} : { folderIds: [...folderIds] });
  }

  async retry(trackIds?: readonly number[]): Promise<number> {
    const input = trackIds === undefined ? {} : { trackIds: [...trackIds] };
    return (await this.#client.request('analysis.retry', input)).queued;
  }

  async rate(trackIds: readonly number[], rating: number): Promise<void> {
    await this.#client.request('tracks.rate', { trackIds: [...trackIds], rating });
  }

  async purge(trackIds: readonly number[]): Promise<number> {
    return (await this.#client.request('library.purge', { trackIds: [...trackIds] })).purged;
  }
}

/** Families in the engine's order, each with its styles; what no track carries is left out. */
export function groupFamilies(genres: readonly GenreCount[]): readonly GenreFamily[] {
  const styles = Map.groupBy(
    genres.filter(({ parent, count }) => parent !== null && count > 0),
    ({ parent }) => parent,
  );
  return genres
    .filter(({ parent }) => parent === null)
    .map((family) => ({ ...family, styles: styles.get(family.id) ?? [] }))
    .filter(({ count, styles: own }) => count > 0 || own.length > 0);
}
