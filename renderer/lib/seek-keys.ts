/** The keys of the waveform's slider. */

const STEP_S = 5;
const LARGE_STEP_S = 30;

type Keys = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>;

/**
 * Where a key seeks to, in seconds: arrows by 5 s (with Shift by 30 s, as Page Up and Down), Home, End, digits to
 * tenths of the track. Null for keys that are none of these.
 */
export function seekTarget(keys: Keys, seconds: number, duration: number): number | null {
  if (keys.ctrlKey || keys.metaKey || keys.altKey) return null;
  const within = (to: number): number => Math.min(duration, Math.max(0, to));
  const step = keys.shiftKey ? LARGE_STEP_S : STEP_S;
  switch (keys.key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return within(seconds - step);
    case 'ArrowRight':
    case 'ArrowUp':
      return within(seconds + step);
    case 'PageDown':
      return within(seconds - LARGE_STEP_S);
    case 'PageUp':
      return within(seconds + LARGE_STEP_S);
    case 'Home':
      return 0;
    case 'End':
      return duration;
    default:
      return /^[0-9]$/u.test(keys.key) && !keys.shiftKey ? (Number(keys.key) / 10) * duration : null;
  }
}
