/** How loud it is: the slider, mute, and ReplayGain. */
import type { ReplayGain } from '#shared/domain.ts';
import { elementVolume, gainFactor, type GainMode } from '../../lib/replay-gain.ts';
import type { PlayerMemory, StoredSound } from './memory.ts';

export class Sound {
  #stored = $state.raw<StoredSound>({ volume: 1, muted: false, gainMode: 'track' });
  #memory: PlayerMemory;
  #onChange: () => void = () => undefined;

  constructor(memory: PlayerMemory) {
    this.#memory = memory;
    this.#stored = memory.sound;
  }

  /** 0..1, what the slider shows. */
  get volume(): number {
    return this.#stored.volume;
  }
  get muted(): boolean {
    return this.#stored.muted;
  }
  get gainMode(): GainMode {
    return this.#stored.gainMode;
  }

  /** Told after every change. */
  onChange(listener: () => void): void {
    this.#onChange = listener;
  }

  /** The volume for a media element, 0..1. */
  levelOf(gain: ReplayGain | null): number {
    return this.muted ? 0 : elementVolume(this.volume, gainFactor(gain, this.gainMode));
  }

  /** Moving the slider ends mute. */
  setVolume(volume: number): void {
    this.#change({ volume: Math.min(1, Math.max(0, volume)), muted: false });
  }
  toggleMute(): void {
    // Silent by the slider, too: the button brings something back.
    if (this.volume === 0) this.setVolume(0.5);
    else this.#change({ muted: !this.muted });
  }
  setGainMode(gainMode: GainMode): void {
    this.#change({ gainMode });
  }

  #change(part: Partial<StoredSound>): void {
    this.#stored = { ...this.#stored, ...part };
    this.#memory.sound = this.#stored;
    this.#onChange();
  }
}
