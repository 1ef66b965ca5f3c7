/** Windows where there is no screen. */
import { hasProgram } from './system-packages.ts';

/** The command as it is where there is a display; in a virtual one where there is none and one can be had (Linux). */
export function onDisplay(
  command: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): readonly string[] {
  const has = Boolean(environment['DISPLAY'] ?? environment['WAYLAND_DISPLAY']);
  if (process.platform !== 'linux' || has || !hasProgram('xvfb-run')) return command;
  return ['xvfb-run', '-a', '-s', '-screen 0 1920x1080x24', ...command];
}
