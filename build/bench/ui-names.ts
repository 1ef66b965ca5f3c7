/** Names of a large collection of music: as long, as varied and as untidy as real ones, the same with every run. */

const firstNames =
  'Ada Björn Carlos Delphine Emre Fatou Goran Hanne Ivo Júlia Kwame Leila Mårten Niamh Olga Pedro Quincy Rosa Søren Tariq Una Viktor Wanda Xènia Yusuf Zoë'.split(
    ' ',
  );
const lastNames =
  'Abara Bergström Castellanos Doyle Eriksen Fontaine Grimaldi Haddad Ivanova Jansen Kowalczyk Lindqvist Moreau Nakamura Okafor Pereira Quist Rahman Silva Tanaka Ueda Vance Whitlock Yilmaz Zimmermann'.split(
    ' ',
  );
const adjectives =
  'Amber Broken Copper Distant Electric Fading Golden Hollow Iron Jade Kinetic Lunar Midnight Northern Open Paper Quiet Red Silver Tender Umber Velvet White Wild Young'.split(
    ' ',
  );
const nouns =
  'Antenna Bridge Circus Delta Engine Forest Garden Harbour Island Junction Kite Lantern Machine Ocean Parade Quarter River Signal Theory Union Valley Window Yard Zenith'.split(
    ' ',
  );
const verbs = 'Leave Follow Remember Hold Break Carry Forget Chase Answer Burn Call Dream'.split(' ');
const ends = 'the Light,Me Home,You Again,the Night,My Name,the City,It Down,Tomorrow,a Little Longer'.split(
  ',',
);
const versions = [
  ...Array.from({ length: 9 }, () => ''),
  ...[
    ' (Original Mix)',
    ' (Extended Mix)',
    ' (Radio Edit)',
    ' (Live)',
    ' (2011 Remaster)',
    ' – Instrumental',
  ],
];
/** Now and then: other scripts, emoji, what could be taken for HTML or a formula, the very long. */
const odd: readonly string[] = [
  'أغنية المساء',
  '夜の電車 (Extended Mix)',
  'Песня о дальней дороге',
  'שיר של לילה',
  'party 🎉🔥 anthem',
  '<b>not bold</b>',
  '=SUM(1,2)',
  `A Very ${'Long, '.repeat(60)}Title`,
];

export interface TrackName {
  /** Null: a file without tags. */
  readonly title: string | null;
  readonly artist: string;
  readonly album: string;
  readonly year: number;
  readonly trackNumber: number;
  /** Of the artist, for what all his tracks share. */
  readonly artistNumber: number;
}

/** A sequence of numbers from 0 up to 1 that is the same with every run. */
export function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Albums of 8 to 15 tracks by artists with 1 to 4 albums, until there are `count` tracks. */
export function* trackNames(count: number): Generator<TrackName> {
  const random = numbersFrom(7);
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = (from: readonly string[]): string => from[below(from.length)] ?? '';
  const artistName = (): string =>
    random() < 0.5
      ? `${pick(firstNames)} ${pick(lastNames)}`
      : `${random() < 0.4 ? 'The ' : ''}${pick(adjectives)} ${pick(nouns)}${random() < 0.2 ? ` & ${pick(firstNames)}` : 's'}`;
  const title = (): string => {
    const kind = random();
    if (kind < 0.4) return `${pick(adjectives)} ${pick(nouns)}`;
    if (kind < 0.8) return `${pick(verbs)} ${pick(ends)}`;
    return `${pick(nouns)} (feat. ${pick(firstNames)} ${pick(lastNames)})`;
  };
  let made = 0;
  for (let artistNumber = 0; ; artistNumber += 1) {
    // Names alone would meet: artists of a name are told apart as databases do.
    const artist = `${artistName()}${random() < 0.15 ? ` ${2 + below(30)}` : ''}`;
    const first = 1962 + below(60);
    for (let albums = 1 + below(4); albums > 0; albums -= 1) {
      const album = `${title()}${random() < 0.1 ? ' (Deluxe Edition)' : ''}`;
      const year = Math.min(2026, first + below(8));
      const tracks = 8 + below(8);
      for (let trackNumber = 1; trackNumber <= tracks; trackNumber += 1) {
        const named = random() < 0.004 ? pick(odd) : `${title()}${pick(versions)}`;
        yield { title: random() < 0.01 ? null : named, artist, album, year, trackNumber, artistNumber };
        made += 1;
        if (made === count) return;
      }
    }
  }
}
