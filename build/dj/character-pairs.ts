/**
 * Which of two pieces has more of something: what the measures of character are judged by. 'mma' names a rendered groove
 * (collection_file_Groove), 'debian' a recording in a package (package/name, without its ending).
 */
import type { SoundCharacter } from '#shared/domain.ts';

export type CharacterPair = readonly [measure: keyof SoundCharacter, more: string, less: string];

const grooves = (measure: keyof SoundCharacter, ...pairs: readonly string[]): readonly CharacterPair[] =>
  pairs.map((pair) => {
    const [more = '', less = ''] = pair.split(' > ');
    return [measure, `mma:${more}`, `mma:${less}`] as const;
  });

const recordings = (measure: keyof SoundCharacter, ...pairs: readonly string[]): readonly CharacterPair[] =>
  pairs.map((pair) => {
    const [more = '', less = ''] = pair.split(' > ');
    return [measure, `debian:${more}`, `debian:${less}`] as const;
  });

/**
 * Written down by what the pieces are called, before anything was measured; then corrected where a name misled: the styles of
 * 'zoom' are drum patterns without instruments (its 'ambient' is a busy one), so they stand beside each other, and
 * freedroidrpg's 'underground' has a beat at 140.
 */
export const characterPairs: readonly CharacterPair[] = [
  // Four-on-the-floor and hard styles over ambient ones and ballads; fast over slow of the same; full band over solo.
  ...grooves(
    'energy',
    'zoom_techno_TECH01 > zoom_bald_BALD01',
    'casio_techno_Techno > casio_ambient1_Ambient1',
    'casio_trance1_Trance1 > casio_ambient2_Ambient2',
    'casio_rave_Rave > casio_ambient3_Ambient3',
    'casio_house_House > stdlib_lullaby_Lullaby',
    'zoom_punk_PUNK01 > zoom_bald_BALD01',
    'zoom_mtl_MTL01 > zoom_trip_TRIP01',
    'casio_heavymetal_HeavyMetal > casio_serenade_Serenade',
    'pflib_metal1_metal1A > pflib_slowrock_slowrockA',
    'stdlib_50srock_50sRock > stdlib_hymn_Hymn',
    'stdlib_samba_Samba > stdlib_ballad_Ballad',
    'stdlib_ska_Ska > stdlib_pianoballad_PianoBallad',
    'zoom_dnb_DnB01 > zoom_bald34_BALD05',
    'stdlib_fastswing_FastSwing > stdlib_slowjazz_SlowJazz',
    'stdlib_polka_Polka > stdlib_stringballad_StringBallad',
    'casio_dance1_Dance1 > casio_16beatballad1_16BeatBallad1',
    'casio_quickstep_QuickStep > casio_slowswing_SlowSwing',
    'stdlib_trance_Trance > stdlib_arpeggio44_Arpeggio4',
    'stdlib_merengue_Merengue > stdlib_slowbolero_SlowBolero',
    'stdlib_boneym_BoneyM > stdlib_guitarballad_GuitarBallad',
    'zoom_house_HOUS01 > zoom_bald34_BALD05',
    'casio_fastbigband_FastBigBand > casio_slowbigband_SlowBigBand',
    'alexis_teamtechno_TeamTechno > stdlib_folkballad_FolkBallad',
    'casio_dance2_Dance2 > casio_68ballad_68Ballad',
    'stdlib_fastblues_FastBlues > stdlib_slowblues_SlowBlues',
    'zoom_thr_THRS01 > zoom_bald_BALD01',
  ),
  ...recordings(
    'energy',
    'unknown-horizons/battle > unknown-horizons/Peer Gynt Suite No. 1, Op. 46 - I. Morning',
    'ufoai-music/MarineAlienRaid > ufoai-music/Crystan-Geosphere04',
    'starfighter-data/last_cyber_dance > naev-data/ambient2',
    'davegnukem-data/Techno-Caper > freecol/musicbox',
    'flare-game/boss_theme > flare-game/town_theme',
    'freedroidrpg-data/TechBattle > unknown-horizons/nightdream',
    'naev-data/combat3 > naev-data/ambient4',
    'naev-data/galacticbattle > naev-data/ambient2',
    'nexuiz-music/infight > naev-data/ambient4',
    'fretsonfire-songs-sectoid/song > berusky2-data/Piano1',
    'fretsonfire-songs-muldjord/song > berusky2-data/Piano',
    'asc-music/machine_wars > 0ad-data/Albian_Nocturne',
    'supertuxkart-data/Lava > unknown-horizons/nightdream',
    'hedgewars-data/Rock > 0ad-data/Highland_Mist',
  ),
  ...grooves(
    'danceability',
    'casio_house_House > stdlib_hymn_Hymn',
    'zoom_house_HOUS01 > zoom_bald34_BALD05',
    'casio_dance1_Dance1 > stdlib_stringballad_StringBallad',
    'casio_techno_Techno > stdlib_lullaby_Lullaby',
    'casio_trance1_Trance1 > stdlib_pianoballad_PianoBallad',
    'stdlib_boneym_BoneyM > stdlib_slowspiritual_SlowSpiritual',
    'zoom_dance_DANC01 > zoom_bald_BALD01',
    'casio_dancepop1_DancePop1 > casio_serenade_Serenade',
    'casio_latinhouse_LatinHouse > stdlib_folkballad_FolkBallad',
  ),
  ...recordings(
    'danceability',
    'starfighter-data/last_cyber_dance > naev-data/ambient2',
    'davegnukem-data/Techno-Caper > unknown-horizons/Peer Gynt Suite No. 1, Op. 46 - I. Morning',
    'nexuiz-music/digital-pursuit > naev-data/ambient4',
  ),
  ...grooves(
    'percussiveness',
    'zoom_dnb_DnB01 > stdlib_hymn_Hymn',
    'casio_techno_Techno > stdlib_stringballad_StringBallad',
    'stdlib_samba_Samba > stdlib_hymn_Hymn',
    'zoom_hiphop_HIP01 > casio_ambient1_Ambient1',
    'casio_funk1_Funk1 > casio_serenade_Serenade',
    'stdlib_march_March > stdlib_lullaby_Lullaby',
    'alexis_hiphop_HipHop > stdlib_stringballad_StringBallad',
  ),
  ...recordings(
    'percussiveness',
    'davegnukem-data/Techno-Caper > naev-data/ambient2',
    'starfighter-data/last_cyber_dance > naev-data/ambient4',
    'fretsonfire-songs-sectoid/song > unknown-horizons/Peer Gynt Suite No. 1, Op. 46 - I. Morning',
  ),
  ...grooves(
    'brightness',
    'casio_techno_Techno > stdlib_hymn_Hymn',
    'zoom_punk_PUNK01 > stdlib_pianoballad_PianoBallad',
    'stdlib_samba_Samba > stdlib_lullaby_Lullaby',
    'casio_house_House > stdlib_stringballad_StringBallad',
  ),
  ...recordings('brightness', 'fretsonfire-songs-sectoid/song > berusky2-data/Piano1'),
];

export interface PairVerdict {
  readonly judged: number;
  readonly right: number;
  readonly wrong: readonly CharacterPair[];
}

/**
 * @param measured character by name ('mma:…', 'debian:…')
 * @returns `judged`: the pairs of which both pieces were measured; equal values are wrong
 */
export function judgeCharacterPairs(measured: ReadonlyMap<string, SoundCharacter>): PairVerdict {
  const wrong: CharacterPair[] = [];
  let judged = 0;
  for (const pair of characterPairs) {
    const [measure, moreName, lessName] = pair;
    const more = measured.get(moreName);
    const less = measured.get(lessName);
    if (more === undefined || less === undefined) continue;
    judged += 1;
    if (more[measure] <= less[measure]) wrong.push(pair);
  }
  return { judged, right: judged - wrong.length, wrong };
}
