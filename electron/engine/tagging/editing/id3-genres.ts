/**
 * The numbered genres of ID3v1 with Winamp's additions, named as the reader of tags names them, and how ID3v2 refers
 * to them.
 */

const names = (
  'Blues|Classic Rock|Country|Dance|Disco|Funk|Grunge|Hip-Hop|Jazz|Metal|New Age|Oldies|Other|Pop|R&B|' +
  'Rap|Reggae|Rock|Techno|Industrial|Alternative|Ska|Death Metal|Pranks|Soundtrack|Euro-Techno|Ambient|' +
  'Trip-Hop|Vocal|Jazz+Funk|Fusion|Trance|Classical|Instrumental|Acid|House|Game|Sound Clip|Gospel|' +
  'Noise|Alt. Rock|Bass|Soul|Punk|Space|Meditative|Instrumental Pop|Instrumental Rock|Ethnic|Gothic|' +
  'Darkwave|Techno-Industrial|Electronic|Pop-Folk|Eurodance|Dream|Southern Rock|Comedy|Cult|Gangsta Rap|' +
  'Top 40|Christian Rap|Pop/Funk|Jungle|Native American|Cabaret|New Wave|Psychedelic|Rave|Showtunes|' +
  'Trailer|Lo-Fi|Tribal|Acid Punk|Acid Jazz|Polka|Retro|Musical|Rock & Roll|Hard Rock|Folk|Folk/Rock|' +
  'National Folk|Swing|Fast-Fusion|Bebob|Latin|Revival|Celtic|Bluegrass|Avantgarde|Gothic Rock|' +
  'Progressive Rock|Psychedelic Rock|Symphonic Rock|Slow Rock|Big Band|Chorus|Easy Listening|Acoustic|' +
  'Humour|Speech|Chanson|Opera|Chamber Music|Sonata|Symphony|Booty Bass|Primus|Porn Groove|Satire|' +
  'Slow Jam|Club|Tango|Samba|Folklore|Ballad|Power Ballad|Rhythmic Soul|Freestyle|Duet|Punk Rock|' +
  'Drum Solo|A Cappella|Euro-House|Dance Hall|Goa|Drum & Bass|Club-House|Hardcore|Terror|Indie|BritPop|' +
  'Negerpunk|Polsk Punk|Beat|Christian Gangsta Rap|Heavy Metal|Black Metal|Crossover|' +
  'Contemporary Christian|Christian Rock|Merengue|Salsa|Thrash Metal|Anime|JPop|Synthpop|Abstract|' +
  'Art Rock|Baroque|Bhangra|Big Beat|Breakbeat|Chillout|Downtempo|Dub|EBM|Eclectic|Electro|Electroclash|' +
  'Emo|Experimental|Garage|Global|IDM|Illbient|Industro-Goth|Jam Band|Krautrock|Leftfield|Lounge|' +
  'Math Rock|New Romantic|Nu-Breakz|Post-Punk|Post-Rock|Psytrance|Shoegaze|Space Rock|Trop Rock|' +
  'World Music|Neoclassical|Audiobook|Audio Theatre|Neue Deutsche Welle|Podcast|Indie Rock|G-Funk|' +
  'Dubstep|Garage Rock|Psybient'
).split('|');

/** Other names of the same numbers, by which other programs know them. */
const otherNames: Readonly<Record<string, number>> = {
  ...{ alternrock: 40, 'alternative rock': 40, 'pop-funk': 62, 'folk-rock': 81, bebop: 85, 'hip hop': 7 },
  ...{ 'r & b': 14, 'trip hop': 27, 'drum and bass': 127, 'drum n bass': 127, dancehall: 125 },
};

const numbers = new Map(names.map((name, index) => [name.toLowerCase(), index]));

/** The name of a number; null where it has none. */
export function genreName(number: number): string | null {
  return names[number] ?? null;
}

/** The number of a genre by its name in any case; null for the many that have none. */
export function genreNumber(name: string): number | null {
  const key = name.trim().toLowerCase();
  return numbers.get(key) ?? otherNames[key] ?? null;
}

/**
 * What one text of a TCON frame names: "(17)", "(17)(6)", "(17)Refinement", "17", "(RX)", "((Escaped". A bare number
 * and "RX" are how v2.4 writes them; the number is met in v2.3 too.
 */
export function parseGenreText(text: string, version: 2 | 3 | 4): readonly string[] {
  const trimmed = text.trim();
  const alone = /^\d{1,3}$/.test(trimmed) ? genreName(Number(trimmed)) : null;
  if (alone !== null) return [alone];
  if (version === 4 && (trimmed === 'RX' || trimmed === 'CR')) return [referred(trimmed)!];
  const found: string[] = [];
  let rest = trimmed;
  for (;;) {
    const reference = /^\((\d{1,3}|RX|CR)\)/.exec(rest);
    const name = reference === null ? null : referred(reference[1]!);
    if (reference === null || name === null) break;
    found.push(name);
    rest = rest.slice(reference[0].length).trimStart();
  }
  if (rest.startsWith('((')) rest = rest.slice(1);
  // "(17)Rock" says the same twice.
  if (rest !== '' && !found.some((name) => name.toLowerCase() === rest.toLowerCase())) found.push(rest);
  return found;
}

/** A genre as the text of a TCON frame; null for what would be read back as a number or a reference. */
export function genreText(name: string, version: 2 | 3 | 4): string | null {
  if (/^\d+$/.test(name) || (version === 4 && (name === 'RX' || name === 'CR'))) return null;
  // An opening bracket announces a reference, so that of a name is doubled.
  return name.startsWith('(') ? `(${name}` : name;
}

function referred(reference: string): string | null {
  if (reference === 'RX') return 'Remix';
  if (reference === 'CR') return 'Cover';
  return genreName(Number(reference));
}
