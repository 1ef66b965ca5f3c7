/**
 * The description of a model folder (resources/model/manifest.json): what it takes, what it gives and
 * what its outputs mean. The loader follows it, so another TensorFlow.js tagger can be used with its own
 * front end and labels. Embeddings of different model versions are never compared.
 */
import * as v from 'valibot';

const label = v.object({
  /** Stable id: 'electronic', 'electronic/house', 'mood/dark', 'instrument/piano', 'voice/female'. */
  id: v.string(),
  name: v.string(),
  /** Probability from which the label counts, chosen on held-out data. */
  threshold: v.number(),
  known: v.picklist(['well', 'fairly', 'hardly']),
  /** Calibration: probability = sigmoid(scale * logit + shift). */
  scale: v.number(),
  shift: v.number(),
});

export const modelManifestSchema = v.object({
  format: v.literal(1),
  name: v.string(),
  version: v.string(),
  license: v.string(),
  /** log-mel: power mel spectrogram in dB, standardised with mean and deviation (both in dB). */
  frontEnd: v.object({
    kind: v.literal('log-mel'),
    sampleRateHz: v.number(),
    fftSize: v.number(),
    hopSize: v.number(),
    melBands: v.number(),
    minimumHz: v.number(),
    maximumHz: v.number(),
    melScale: v.picklist(['htk', 'slaney']),
    normalisation: v.picklist(['none', 'slaney']),
    /** Decibels of power: 10 log10(max(x, floor)). */
    floor: v.number(),
    mean: v.number(),
    deviation: v.number(),
  }),
  /** Input tensor [batch, frames, melBands, 1] (or [batch, melBands, frames, 1]) of standardised log-mel. */
  input: v.object({ frames: v.number(), layout: v.picklist(['time-mel', 'mel-time']) }),
  network: v.object({
    kind: v.picklist(['layers', 'graph']),
    file: v.string(),
    /** Names of the outputs; the logits are before sigmoid. stepGenres is [batch, steps, genres], attention [batch, steps]. */
    outputs: v.object({
      embedding: v.string(),
      genres: v.string(),
      tags: v.nullable(v.string()),
      stepGenres: v.nullable(v.string()),
      attention: v.nullable(v.string()),
    }),
  }),
  embeddingSize: v.number(),
  /**
   * What makes a window no music, so that it is given no genre (analyser/not-music.ts; a kind that is null is not
   * looked for). Absent: everything is taken for music.
   */
  notMusic: v.optional(
    v.object({
      /** Hum, tones, stationary noise: changes less than this. */
      steady: v.nullable(v.object({ changeDecibels: v.number() })),
      /** Noise, clicks, applause, rain: no frame is like the one before, in neither respect. */
      noise: v.nullable(v.object({ continuity: v.number(), tone: v.number() })),
      /** More flux, and less of the three others. */
      speech: v.nullable(
        v.object({
          fluxDecibels: v.number(),
          rhythm: v.number(),
          lastingContinuity: v.number(),
          lastingTone: v.number(),
        }),
      ),
    }),
  ),
  /** In the order of the outputs. A genre's family is the part of its id before '/'. */
  genres: v.array(label),
  tags: v.array(label),
  /** SHA-256 (hex) of every other file of the folder. */
  checksums: v.record(v.string(), v.string()),
});

export type ModelManifest = v.InferOutput<typeof modelManifestSchema>;
export type ModelLabel = ModelManifest['genres'][number];
export type FrontEndSettings = ModelManifest['frontEnd'];
