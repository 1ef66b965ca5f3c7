/** The demo pieces: two dozen, each with a style, a tempo and a key that are known. */
import type { Key } from './harmony.ts';
import type { StyleName } from './styles.ts';

export interface Piece {
  readonly title: string;
  readonly artist: string;
  readonly album: string;
  readonly year: number;
  readonly style: StyleName;
  /** Quarter notes a minute. */
  readonly bpm: number;
  readonly key: Key;
  /** Decides melody, fills and noise. */
  readonly seed: number;
}

type Row = readonly [StyleName, string, string, string, number, number, Key['tonic'], Key['mode']];

const rows: readonly Row[] = [
  ['house', 'Corner of Light', 'Mira Vale', 'Night Shifts', 2019, 124, 'A', 'minor'],
  ['deepHouse', 'Slow Elevator', 'Mira Vale', 'Night Shifts', 2019, 120, 'D', 'dorian'],
  ['techno', 'Pressure Room', 'Unit Eleven', 'Foundry', 2021, 132, 'F', 'minor'],
  ['trance', 'First Light over Water', 'Helio', 'Daybreak', 2004, 138, 'F#', 'minor'],
  ['drumAndBass', 'Rolling Stock', 'Lowline', 'Transit', 2012, 174, 'E', 'minor'],
  ['ambient', 'Salt and Distance', 'Hanne Holm', 'Tides', 2016, 70, 'C', 'major'],
  ['boomBap', 'Paper Route', 'Cassius Moat', 'Corner Store', 1996, 90, 'G', 'minor'],
  ['trap', 'Glass Jaw', 'Young Meridian', 'Altitude', 2018, 140, 'C#', 'minor'],
  ['downtempo', 'Rain in the Arcade', 'Sable Quartet', 'Late Rooms', 2001, 84, 'B', 'minor'],
  ['synthwave', 'Chrome Coast', 'Vector 84', 'Drive', 2015, 104, 'D', 'minor'],
  ['disco', 'Mirrors Up', 'The Silver Line', 'Saturday', 1978, 116, 'C', 'minor'],
  ['funk', 'Hold That Step', 'Brother Crane', 'On the One', 1974, 104, 'E', 'dorian'],
  ['reggae', 'Morning Yard', 'The Harbour Lights', 'Island Time', 1981, 76, 'G', 'major'],
  ['dub', 'Morning Yard Version', 'The Harbour Lights', 'Island Time', 1981, 72, 'A', 'minor'],
  ['rock', 'Paint the Road', 'Northern Static', 'Motorway', 1994, 128, 'D', 'major'],
  ['metal', 'Iron Orchard', 'Gravemill', 'Harvest', 2008, 160, 'E', 'phrygian'],
  ['punk', 'No Refunds', 'Curb Dogs', 'Two Minutes', 1983, 184, 'A', 'major'],
  ['swing', 'Two Blocks South', 'Eddie Lark Trio', 'At the Lantern', 1958, 144, 'Bb', 'major'],
  ['blues', 'Dry River Blues', 'Otis Farrow', 'Delta Rooms', 1962, 96, 'E', 'mixolydian'],
  ['waltz', 'Waltz for a Closed Café', 'Klara Ruh', 'Piano Pieces', 2011, 110, 'Eb', 'major'],
  ['quartet', 'Quartet No. 3, Allegro', 'Aldern Quartet', 'Chamber Works', 1999, 112, 'G', 'major'],
  ['country', 'County Line', 'June Tolliver', 'Gravel and Dust', 1989, 108, 'A', 'major'],
  ['bossaNova', 'Varanda', 'Lia Monteiro', 'Tarde', 1965, 132, 'F', 'major'],
  ['folk', 'The Ferryman’s Daughter', 'Ash and Rowan', 'Hedgerow', 1971, 98, 'C', 'major'],
];

export const pieces: readonly Piece[] = rows.map(
  ([style, title, artist, album, year, bpm, tonic, mode], index) => ({
    ...{ style, title, artist, album, year, bpm },
    key: { tonic, mode },
    seed: 1000 + index,
  }),
);
