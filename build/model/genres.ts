/**
 * The genre tree, and what each genre is learned from: tags of the teachers ('msd:…' Last.fm, 'jamendo:…'), and
 * the words that labelled music uses. Families come first, in a fixed order; a style's family is the part of its
 * id before '/'. A style is here only if some teacher knows it.
 */
import type { TeacherTags } from './teachers.ts';

export interface GenreDefinition {
  readonly id: string;
  readonly name: string;
  readonly sources: readonly string[];
}

export const families: readonly GenreDefinition[] = [
  { id: 'electronic', name: 'Electronic', sources: ['msd:electronic', 'msd:electronica', 'msd:dance', 'msd:electro', 'msd:House', 'jamendo:genre---electronic', 'jamendo:genre---techno', 'jamendo:genre---house', 'jamendo:genre---trance', 'jamendo:genre---dance'] },
  { id: 'rock', name: 'Rock', sources: ['msd:rock', 'msd:alternative rock', 'msd:indie rock', 'msd:classic rock', 'msd:hard rock', 'msd:punk', 'msd:Progressive rock', 'jamendo:genre---rock'] },
  { id: 'metal', name: 'Metal', sources: ['msd:metal', 'msd:heavy metal', 'jamendo:genre---metal'] },
  { id: 'hip-hop', name: 'Hip-hop', sources: ['msd:Hip-Hop', 'jamendo:genre---hiphop'] },
  { id: 'soul', name: 'R&B and soul', sources: ['msd:soul', 'msd:rnb'] },
  { id: 'funk', name: 'Funk and disco', sources: ['msd:funk', 'jamendo:genre---funk'] },
  { id: 'pop', name: 'Pop', sources: ['msd:pop', 'msd:indie pop', 'jamendo:genre---pop', 'jamendo:genre---poprock'] },
  { id: 'jazz', name: 'Jazz', sources: ['msd:jazz', 'jamendo:genre---jazz'] },
  { id: 'blues', name: 'Blues', sources: ['msd:blues'] },
  { id: 'country', name: 'Country', sources: ['msd:country'] },
  { id: 'folk', name: 'Folk and acoustic', sources: ['msd:folk', 'msd:acoustic', 'jamendo:genre---folk', 'jamendo:genre---popfolk'] },
  { id: 'classical', name: 'Classical and orchestral', sources: ['jamendo:genre---classical', 'jamendo:genre---orchestral'] },
  { id: 'reggae', name: 'Reggae and dub', sources: ['jamendo:genre---reggae'] },
  { id: 'world', name: 'World', sources: ['jamendo:genre---world'] },
  { id: 'soundtrack', name: 'Soundtrack', sources: ['jamendo:genre---soundtrack', 'jamendo:mood/theme---film'] },
  { id: 'new-age', name: 'New age', sources: ['jamendo:genre---newage'] },
]; // prettier-ignore

export const styles: readonly GenreDefinition[] = [
  { id: 'electronic/house', name: 'House', sources: ['msd:House', 'jamendo:genre---house'] },
  { id: 'electronic/techno', name: 'Techno', sources: ['jamendo:genre---techno'] },
  { id: 'electronic/trance', name: 'Trance', sources: ['jamendo:genre---trance'] },
  { id: 'electronic/dance', name: 'Dance', sources: ['msd:dance', 'jamendo:genre---dance'] },
  { id: 'electronic/electro', name: 'Electro', sources: ['msd:electro'] },
  { id: 'electronic/ambient', name: 'Ambient', sources: ['msd:ambient', 'jamendo:genre---ambient'] },
  { id: 'electronic/chill-out', name: 'Chill-out', sources: ['msd:chillout', 'msd:chill', 'jamendo:genre---chillout'] },
  { id: 'electronic/downtempo', name: 'Downtempo', sources: ['jamendo:genre---downtempo'] },
  { id: 'electronic/trip-hop', name: 'Trip-hop', sources: ['jamendo:genre---triphop'] },
  { id: 'electronic/experimental', name: 'Experimental', sources: ['msd:experimental', 'jamendo:genre---experimental'] },
  { id: 'rock/alternative', name: 'Alternative rock', sources: ['msd:alternative', 'msd:alternative rock', 'jamendo:genre---alternative'] },
  { id: 'rock/indie', name: 'Indie rock', sources: ['msd:indie', 'msd:indie rock', 'jamendo:genre---indie'] },
  { id: 'rock/classic', name: 'Classic rock', sources: ['msd:classic rock'] },
  { id: 'rock/hard', name: 'Hard rock', sources: ['msd:hard rock'] },
  { id: 'rock/punk', name: 'Punk', sources: ['msd:punk'] },
  { id: 'rock/progressive', name: 'Progressive rock', sources: ['msd:Progressive rock'] },
  { id: 'metal/heavy', name: 'Heavy metal', sources: ['msd:heavy metal'] },
  { id: 'soul/soul', name: 'Soul', sources: ['msd:soul'] },
  { id: 'soul/rnb', name: 'R&B', sources: ['msd:rnb'] },
  { id: 'pop/indie', name: 'Indie pop', sources: ['msd:indie pop'] },
  { id: 'pop/pop-rock', name: 'Pop rock', sources: ['jamendo:genre---poprock'] },
  { id: 'pop/instrumental', name: 'Instrumental pop', sources: ['jamendo:genre---instrumentalpop'] },
  { id: 'pop/easy-listening', name: 'Easy listening', sources: ['msd:easy listening', 'jamendo:genre---easylistening', 'jamendo:genre---lounge'] },
  { id: 'folk/acoustic', name: 'Acoustic', sources: ['msd:acoustic', 'jamendo:instrument---acousticguitar'] },
  { id: 'folk/pop-folk', name: 'Pop folk', sources: ['jamendo:genre---popfolk'] },
  { id: 'classical/orchestral', name: 'Orchestral', sources: ['jamendo:genre---orchestral'] },
  { id: 'soundtrack/film', name: 'Film music', sources: ['jamendo:mood/theme---film'] },
  { id: 'soundtrack/atmospheric', name: 'Atmospheric', sources: ['jamendo:genre---atmospheric'] },
]; // prettier-ignore

export const genres: readonly GenreDefinition[] = [...families, ...styles];

/** Moods, instruments, voice and era, as the teachers name them. */
export const tags: readonly GenreDefinition[] = [
  { id: 'mood/beautiful', name: 'Beautiful', sources: ['msd:beautiful'] },
  { id: 'mood/mellow', name: 'Mellow', sources: ['msd:Mellow'] },
  { id: 'mood/party', name: 'Party', sources: ['msd:party'] },
  { id: 'mood/sensual', name: 'Sensual', sources: ['msd:sexy'] },
  { id: 'mood/catchy', name: 'Catchy', sources: ['msd:catchy'] },
  { id: 'mood/sad', name: 'Sad', sources: ['msd:sad'] },
  { id: 'mood/happy', name: 'Happy', sources: ['msd:happy', 'jamendo:mood/theme---happy'] },
  { id: 'mood/emotional', name: 'Emotional', sources: ['jamendo:mood/theme---emotional'] },
  { id: 'mood/energetic', name: 'Energetic', sources: ['jamendo:mood/theme---energetic'] },
  { id: 'mood/relaxing', name: 'Relaxing', sources: ['jamendo:mood/theme---relaxing'] },
  { id: 'voice/female', name: 'Female voice', sources: ['msd:female vocalists', 'msd:female vocalist'] },
  { id: 'voice/male', name: 'Male voice', sources: ['msd:male vocalists'] },
  { id: 'voice/voice', name: 'Voice', sources: ['jamendo:instrument---voice'] },
  { id: 'voice/instrumental', name: 'Instrumental', sources: ['msd:instrumental'] },
  { id: 'instrument/acoustic-guitar', name: 'Acoustic guitar', sources: ['jamendo:instrument---acousticguitar'] },
  { id: 'instrument/electric-guitar', name: 'Electric guitar', sources: ['jamendo:instrument---electricguitar'] },
  { id: 'instrument/guitar', name: 'Guitar', sources: ['msd:guitar', 'jamendo:instrument---guitar'] },
  { id: 'instrument/bass', name: 'Bass', sources: ['jamendo:instrument---bass'] },
  { id: 'instrument/drums', name: 'Drums', sources: ['jamendo:instrument---drums'] },
  { id: 'instrument/drum-machine', name: 'Drum machine', sources: ['jamendo:instrument---drummachine'] },
  { id: 'instrument/computer', name: 'Computer', sources: ['jamendo:instrument---computer'] },
  { id: 'instrument/synthesizer', name: 'Synthesizer', sources: ['jamendo:instrument---synthesizer'] },
  { id: 'instrument/keyboard', name: 'Keyboard', sources: ['jamendo:instrument---keyboard'] },
  { id: 'instrument/electric-piano', name: 'Electric piano', sources: ['jamendo:instrument---electricpiano'] },
  { id: 'instrument/piano', name: 'Piano', sources: ['jamendo:instrument---piano'] },
  { id: 'instrument/strings', name: 'Strings', sources: ['jamendo:instrument---strings'] },
  { id: 'instrument/violin', name: 'Violin', sources: ['jamendo:instrument---violin'] },
]; // prettier-ignore

/** Words of labelled music → family; null where we have no family for it or the word says too little. */
const spellings: readonly [RegExp, string][] = [
  [/hip-?hop|\brap\b/, 'hip-hop'],
  [/reggae|dub|\bska\b/, 'reggae'],
  [/metal|hardcore/, 'metal'],
  [/punk|rock|grunge/, 'rock'],
  [/blues/, 'blues'],
  [/country|bluegrass/, 'country'],
  [/jazz|swing|bebop/, 'jazz'],
  [/classical|baroque/, 'classical'],
  [/folk/, 'folk'],
  [/electronic|techno|house|trance|chillout/, 'electronic'],
  [/funk|disco/, 'funk'],
  [/soul|rnb|r&b/, 'soul'],
  [/cinematic|soundtrack/, 'soundtrack'],
  [/world|international/, 'world'],
  [/\bpop\b|chanson/, 'pop'],
];

/** The family that a source's own genre name stands for, or null. 'reggaeton, latin' is not reggae. */
export function familyOfLabel(label: string | null): string | null {
  if (label === null) return null;
  const text = label.toLowerCase();
  if (/reggaeton|electroacoustic|alternative|krautrock/.test(text)) return null;
  return spellings.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}

/** Position of a source among the columns of all teachers' tags: the Last.fm ones, then Jamendo's. */
export function tagColumn(source: string, teacherTags: TeacherTags): number {
  const [teacher, ...rest] = source.split(':');
  const tag = rest.join(':');
  const list = teacher === 'msd' ? teacherTags.msd : teacherTags.jamendo;
  const at = list.indexOf(tag);
  if (at < 0) throw new Error(`The teachers have no tag ${source}: tags.json is another version.`);
  return teacher === 'msd' ? at : teacherTags.msd.length + at;
}
