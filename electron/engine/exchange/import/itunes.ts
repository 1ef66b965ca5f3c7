/** "Library.xml" of iTunes and Music: a property list of tracks and playlists. */
import type { ExchangeTrack } from '../model.ts';
import { pathOfUrl } from '../paths.ts';
import { LONGEST_SECONDS, MOST_PLAYS, numberIn, textOf, wholeIn } from './imported.ts';
import type { ImportCollector } from './imported.ts';
import type { XmlHandler } from './xml-stream.ts';

/** Values as text: what a plist calls integer, date or true is one here, too. */
type Value = string | Value[] | Map<string, Value>;
type Dictionary = ReadonlyMap<string, Value>;

interface Container {
  readonly value: Value[] | Map<string, Value>;
  key: string;
}

/** iTunes makes these itself: the whole library, films, … */
const ofItsOwn = ['Master', 'Distinguished Kind', 'Music', 'Movies', 'TV Shows', 'Podcasts', 'Audiobooks'];

interface StoredList {
  readonly id: string;
  readonly parent: string | null;
  readonly name: string;
  readonly isFolder: boolean;
  readonly tracks: readonly number[];
}

/** Tracks and playlists are taken one by one as they end: the whole list is never in memory twice. */
export function createItunesReader(collector: ImportCollector): XmlHandler {
  const stack: Container[] = [];
  const byNumber = new Map<string, number>();
  const lists: StoredList[] = [];
  let text: string | null = null;

  function put(value: Value): void {
    const container = stack.at(-1);
    if (container === undefined) return;
    const [, second] = stack;
    const section = stack[0]?.key;
    // Directly in "Tracks" or "Playlists".
    if (container === second && stack.length === 2 && value instanceof Map) {
      if (section === 'Tracks') return takeTrack(value);
      if (section === 'Playlists') return takeList(value);
    }
    if (Array.isArray(container.value)) container.value.push(value);
    else container.value.set(container.key, value);
  }

  function takeTrack(track: Dictionary): void {
    if (!track.has('Location'))
      return collector.warn('Tracks without a file on the disk (streamed ones) were left out');
    byNumber.set(string(track, 'Track ID') ?? '', collector.addTrack(describe(track)));
  }

  function takeList(list: Dictionary): void {
    if (ofItsOwn.some((key) => list.has(key))) return;
    const items = list.get('Playlist Items');
    const tracks = (Array.isArray(items) ? items : []).flatMap((item) => {
      const id = item instanceof Map ? byNumber.get(string(item, 'Track ID') ?? '') : undefined;
      return id ?? [];
    });
    lists.push({
      id: string(list, 'Playlist Persistent ID') ?? `#${lists.length}`,
      parent: string(list, 'Parent Persistent ID'),
      name: string(list, 'Name') ?? '',
      isFolder: list.has('Folder'),
      tracks,
    });
  }

  function addLists(): void {
    const folders = new Set(lists.filter((list) => list.isFolder).map(({ id }) => id));
    const children = new Map<string | null, StoredList[]>();
    for (const list of lists) {
      const parent = list.parent !== null && folders.has(list.parent) ? list.parent : null;
      children.set(parent, [...(children.get(parent) ?? []), list]);
    }
    const add = (parent: string | null): void => {
      // A folder that claims to be inside itself is never reached from the top.
      for (const list of children.get(parent) ?? []) {
        collector.openList(list.name, list.isFolder ? 'folder' : 'playlist');
        if (list.isFolder) add(list.id);
        else for (const id of list.tracks) collector.addRow(id);
        collector.closeList();
      }
    };
    add(null);
  }

  return {
    open(name) {
      if (name === 'dict') stack.push({ value: new Map(), key: '' });
      else if (name === 'array') stack.push({ value: [], key: '' });
      else text = '';
    },
    text(piece) {
      if (text !== null) text += piece;
    },
    close(name) {
      if (name === 'plist') return addLists();
      if (name === 'dict' || name === 'array') {
        const done = stack.pop();
        if (done !== undefined && stack.length > 0) put(done.value);
        return;
      }
      const value = text ?? '';
      text = null;
      const container = stack.at(-1);
      if (name === 'key' && container !== undefined) container.key = value;
      else if (name === 'true') put('true');
      else if (name !== 'false' && name !== 'data') put(value);
    },
  };
}

function string(dictionary: Dictionary, key: string): string | null {
  const value = dictionary.get(key);
  return typeof value === 'string' ? value : null;
}

function describe(track: Dictionary): Partial<ExchangeTrack> & { readonly path: string } {
  const of = (key: string): string | undefined => string(track, key) ?? undefined;
  const milliseconds = numberIn(of('Total Time'), 1, LONGEST_SECONDS * 1000);
  // What iTunes made of the album's stars is not the user's word on the track.
  const rating = track.has('Rating Computed') ? null : numberIn(of('Rating'), 0, 100);
  return {
    path: pathOfUrl(of('Location') ?? ''),
    title: textOf(of('Name')),
    artist: textOf(of('Artist')),
    album: textOf(of('Album')),
    albumArtist: textOf(of('Album Artist')),
    genre: textOf(of('Genre')),
    comment: textOf(of('Comments')),
    year: wholeIn(of('Year'), 1, 9999),
    trackNumber: wholeIn(of('Track Number'), 1, 99_999),
    discNumber: wholeIn(of('Disc Number'), 1, 9999),
    durationSeconds: milliseconds === null ? null : milliseconds / 1000,
    bitrateKbps: numberIn(of('Bit Rate'), 1, 100_000),
    sampleRateHz: numberIn(of('Sample Rate'), 1, 10_000_000),
    sizeBytes: numberIn(of('Size'), 1, Number.MAX_SAFE_INTEGER),
    rating: rating === null ? null : Math.round(rating / 20),
    playCount: wholeIn(of('Play Count'), 0, MOST_PLAYS),
    bpm: numberIn(of('BPM'), 1, 2000),
  };
}
