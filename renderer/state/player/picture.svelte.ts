/** What is drawn of the track that plays: its waveform and its genre timeline, renewed as better ones come. */
import type { EngineClient } from '#shared/contract.ts';
import type { TimelineSegment, TrackDetail, TrackSound, Waveform } from '#shared/domain.ts';
import { toWire } from '#shared/errors.ts';
import { bytesOfBase64 } from '../../lib/peaks.ts';

/** What could not be had is asked for again after so long, or at the next change of the library. */
const RETRY_MS = 2000;

export interface Peaks {
  /** Low, mid, high of the first point, then of the second: 255 × √amplitude. */
  readonly bytes: Uint8Array;
  readonly secondsPerPoint: number;
  /** Guessed from excerpts; a better one comes. */
  readonly quick: boolean;
}

export class TrackPicture {
  #peaks = $state.raw<Peaks | null>(null);
  #timeline = $state.raw<readonly TimelineSegment[]>([]);
  #sound = $state.raw<TrackSound | null>(null);
  /** Whether the waveform was asked for and there is none. */
  #without = $state(false);
  #trackId: number | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #client: EngineClient;
  #onDetail: (detail: TrackDetail) => void;

  /** `onDetail` is told what the library says of the track now. */
  constructor(client: EngineClient, onDetail: (detail: TrackDetail) => void) {
    this.#client = client;
    this.#onDetail = onDetail;
  }

  get peaks(): Peaks | null {
    return this.#peaks;
  }
  get timeline(): readonly TimelineSegment[] {
    return this.#timeline;
  }
  /** Beats, sections and cues; null while they are not known. */
  get sound(): TrackSound | null {
    return this.#sound;
  }
  get without(): boolean {
    return this.#without;
  }

  /** Another track plays. What was drawn of the old one goes at once: it would be wrong. */
  async show(trackId: number): Promise<void> {
    if (trackId === this.#trackId) return;
    this.#trackId = trackId;
    this.#peaks = null;
    this.#timeline = [];
    this.#sound = null;
    this.#without = false;
    clearTimeout(this.#retry);
    await this.changed();
  }

  /** The library changed. */
  async changed(): Promise<void> {
    await Promise.all([this.#askDetail(), ...(this.#final() ? [] : [this.#askPeaks()])]);
  }

  /** 'waveform.ready': there is a better one. */
  async ready(trackId: number): Promise<void> {
    if (trackId === this.#trackId) await this.#askPeaks();
  }

  #final(): boolean {
    return this.#peaks !== null && !this.#peaks.quick;
  }

  async #askPeaks(): Promise<void> {
    const trackId = this.#trackId;
    if (trackId === null) return;
    const answer = await this.#client.request('tracks.waveform', { trackId }).catch(() => null);
    if (trackId !== this.#trackId) return;
    const peaks = answer === null ? null : readPeaks(answer);
    this.#without = peaks === null && this.#peaks === null;
    // An answer that came late must not take the place of a better one.
    if (peaks !== null && !(peaks.quick && this.#final())) this.#peaks = peaks;
  }

  async #askDetail(): Promise<void> {
    const trackId = this.#trackId;
    if (trackId === null) return;
    const detail = await this.#client.request('tracks.get', { trackId }).catch(toWire);
    if (trackId !== this.#trackId) return;
    if ('code' in detail) {
      // A track that is no more has no timeline; an engine that was busy, or just starts, has one a little later.
      clearTimeout(this.#retry);
      if (detail.code !== 'not-found') this.#retry = setTimeout(() => void this.#askDetail(), RETRY_MS);
      return;
    }
    if (JSON.stringify(detail.timeline) !== JSON.stringify(this.#timeline)) this.#timeline = detail.timeline;
    if (JSON.stringify(detail.sound) !== JSON.stringify(this.#sound)) this.#sound = detail.sound;
    this.#onDetail(detail);
  }
}

/** Null when the answer holds nothing that can be drawn. */
export function readPeaks({ peaks, secondsPerPoint, state, points }: Waveform): Peaks | null {
  const bytes = bytesOfBase64(peaks);
  if (bytes === null || points < 1 || bytes.length < points * 3 || !(secondsPerPoint > 0)) return null;
  return { bytes: bytes.subarray(0, points * 3), secondsPerPoint, quick: state === 'quick' };
}
