/** For tests: a client that answers as the test says, and remembers what it was asked. */
import type { EngineClient, EventName, Events, Input, Output, RequestName } from '#shared/contract.ts';
import type { Track, TrackDetail } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';

type Answers = {
  -readonly [Name in RequestName]?: (
    input: Input<Name>,
    signal: AbortSignal | undefined,
  ) => Output<Name> | Promise<Output<Name>>;
};

export interface ScriptedClient extends EngineClient {
  /** May be changed at any time. */
  readonly answers: Answers;
  readonly asked: { readonly name: RequestName; readonly input: unknown }[];
  inputsOf<Name extends RequestName>(name: Name): readonly Input<Name>[];
  emit<Name extends EventName>(name: Name, payload: Events[Name]): void;
}

export function scriptedClient(answers: Answers): ScriptedClient {
  const listeners = new Map<string, Set<(payload: unknown) => void>>();
  const asked: { name: RequestName; input: unknown }[] = [];
  return {
    answers,
    asked,
    inputsOf: (name) => asked.filter((one) => one.name === name).map(({ input }) => input as never),
    async request(name, input, options) {
      asked.push({ name, input });
      const answer = answers[name];
      if (answer === undefined) throw new AppError('unknown-request', name);
      return answer(input, options?.signal);
    },
    subscribe(name, listener) {
      const own = listeners.get(name) ?? new Set();
      listeners.set(name, own);
      const called = (payload: unknown): void => listener(payload as never);
      own.add(called);
      return () => {
        own.delete(called);
      };
    },
    emit(name, payload) {
      for (const listener of listeners.get(name) ?? []) listener(payload);
    },
  };
}

export function someTrack(id: number, part: Partial<Track> = {}): Track {
  return {
    id,
    folderId: 1,
    path: `/music/${id}.flac`,
    title: `Track ${id}`,
    artist: 'Artist',
    album: 'Album',
    albumArtist: null,
    year: 1994,
    trackNumber: id,
    discNumber: null,
    genreTags: [],
    durationSeconds: 200,
    container: 'FLAC',
    codec: 'flac',
    bitrateKbps: 900,
    sampleRateHz: 44_100,
    channels: 2,
    sizeBytes: 20_000_000,
    modifiedAt: 0,
    addedAt: 0,
    rating: 0,
    hasCover: false,
    state: 'present',
    analysis: 'done',
    genres: [{ genre: 'House', confidence: 0.9 }],
    bpm: 124,
    key: '8A',
    energy: 7,
    loudnessLufs: -9,
    error: null,
    ...part,
  };
}

export function someDetail(id: number, part: Partial<TrackDetail> = {}): TrackDetail {
  return {
    ...someTrack(id),
    comment: null,
    replayGain: null,
    embedding: [1],
    modelVersion: '1',
    earlierModel: null,
    analysisVersion: 1,
    moods: [],
    timeline: [],
    sound: null,
    soundWords: { bpm: null, locked: false, beatSeconds: null, barSeconds: null, key: null, energy: null },
    damaged: false,
    audioHash: null,
    corrections: [],
    playlists: [],
    ...part,
  };
}
