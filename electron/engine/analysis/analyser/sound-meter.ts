/** All that is measured of a recording besides its genres, fed by the one pass over the file. */
import type { TrackSound } from '#shared/domain.ts';
import type { TrackPrediction } from '../protocol.ts';
import type { Decoded } from './decode.ts';
import { measureCharacter } from './character/character.ts';
import { createLevelStore } from './level-store.ts';
import { createChromaMeter } from './key/chroma.ts';
import { measureKey } from './key/key.ts';
import { channelWeights, createLevelMeter } from './loudness/levels.ts';
import type { LevelMeter } from './loudness/levels.ts';
import { createSpectrumEndMeter } from './quality/spectrum-end.ts';
import type { SpectrumEndMeter } from './quality/spectrum-end.ts';
import { isLikelyTranscode } from './quality/transcode.ts';
import { findStructure } from './structure/structure.ts';
import { measureTempo } from './rhythm/rhythm.ts';
import type { OnLevel } from './waveform.ts';

/** Of a file whose every frame was left out: nothing is measured of it. */
const SILENT_RATE_HZ = 44_100;

/** Confidences are shares right on music whose truth is known: below this, most values are wrong, and none is told. */
const LEAST_CONFIDENCE = 0.3;

export interface SoundMeter {
  /** Levels of the waveform, 100 a second. */
  readonly onLevel: OnLevel;
  /** Mono samples, 16,000 a second. */
  onSamples(samples: Float32Array): void;
  /** Each channel at the recording's own rate. */
  onChannels(channels: readonly Float32Array[], sampleRateHz: number): void;
  /** The recording has ended. */
  finish(prediction: TrackPrediction, decoded: Decoded): TrackSound;
}

export function createSoundMeter(): SoundMeter {
  const levels = createLevelStore();
  const chroma = createChromaMeter();
  let channelMeters: ChannelMeters | null = null;

  return {
    onLevel: levels.add,
    onSamples: (samples) => chroma.push(samples),
    onChannels(channels, sampleRateHz) {
      channelMeters ??= createChannelMeters(channels.length, sampleRateHz);
      channelMeters.levels.push(channels);
      channelMeters.end.push(channels);
    },
    finish(prediction, { codec, bitRateKbps, durationSeconds }) {
      const meters = channelMeters ?? createChannelMeters(1, SILENT_RATE_HZ);
      const { loudness, quality } = meters.levels.finish();
      const cutoffHz = meters.end.finish();
      const encoding = { codec, bitRateKbps, sampleRateHz: meters.sampleRateHz };
      const fine = levels.read();
      const tempo = sure(measureTempo(fine));
      const stretches = {
        seconds: prediction.windowSeconds,
        size: prediction.embedding.length,
        values: prediction.windowEmbeddings,
      };
      return {
        tempo,
        key: sure(measureKey(chroma.finish())),
        loudness,
        quality: { ...quality, cutoffHz, likelyTranscode: isLikelyTranscode(cutoffHz, encoding) },
        character: measureCharacter(fine, tempo),
        ...findStructure(fine, stretches, tempo, durationSeconds),
      };
    },
  };
}

function sure<Value extends { readonly confidence: number }>(value: Value | null): Value | null {
  return value !== null && value.confidence >= LEAST_CONFIDENCE ? value : null;
}

interface ChannelMeters {
  readonly sampleRateHz: number;
  readonly levels: LevelMeter;
  readonly end: SpectrumEndMeter;
}

function createChannelMeters(channels: number, sampleRateHz: number): ChannelMeters {
  return {
    sampleRateHz,
    levels: createLevelMeter(sampleRateHz, channelWeights(channels)),
    end: createSpectrumEndMeter(sampleRateHz),
  };
}
