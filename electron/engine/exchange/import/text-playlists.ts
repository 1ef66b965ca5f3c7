/** M3U and M3U8 (with EXTINF and VirtualDJ's EXTVDJ), and PLS. */
import path from 'node:path';
import { isWindowsPath, pathOfUrl } from '../paths.ts';
import { createCollector, LONGEST_SECONDS, numberIn, textOf } from './imported.ts';
import type { ImportCollector, Imported } from './imported.ts';

interface Told {
  title: string | null;
  artist: string | null;
  durationSeconds: number | null;
}

const nothing: Told = { title: null, artist: null, durationSeconds: null };

/** @param file where the playlist lies: paths may be relative to it, and it is called after it */
export function readM3u(text: string, file: string): Imported {
  const collector = createCollector();
  const lines = text.split(/\r\n|[\r\n]/).map((line) => line.trim());
  const named = lines.find((line) => /^#PLAYLIST:/i.test(line))?.slice('#PLAYLIST:'.length);
  collector.openList(textOf(named) ?? baseName(file), 'playlist');
  let told: Told = { ...nothing };
  for (const line of lines) {
    if (line === '' || line === '\u001a') continue;
    if (line.startsWith('#')) told = { ...told, ...tell(line) };
    else {
      add(collector, line, file, told);
      told = { ...nothing };
    }
  }
  collector.closeList();
  return collector.finish('m3u');
}

export function readPls(text: string, file: string): Imported {
  const collector = createCollector();
  collector.openList(baseName(file), 'playlist');
  const entries = new Map<number, { path?: string; told: Told }>();
  for (const line of text.split(/\r\n|[\r\n]/)) {
    const match = /^\s*(File|Title|Length)(\d{1,7})\s*=(.*)$/i.exec(line);
    if (match === null) continue;
    const [, what = '', digits = '', value = ''] = match;
    const number = Number(digits);
    const entry = entries.get(number) ?? { told: { ...nothing } };
    entries.set(number, entry);
    if (/^file$/i.test(what)) entry.path = value.trim();
    else if (/^title$/i.test(what)) Object.assign(entry.told, nameIn(value));
    else entry.told.durationSeconds = numberIn(value, 0.001, LONGEST_SECONDS);
  }
  for (const [, entry] of [...entries].sort(([a], [b]) => a - b))
    if (entry.path !== undefined && entry.path !== '') add(collector, entry.path, file, entry.told);
  collector.closeList();
  return collector.finish('pls');
}

function add(collector: ImportCollector, line: string, file: string, told: Told): void {
  if (/^(?!file:|[a-z]:)[a-z][a-z0-9+.-]+:\/?\/?/i.test(line) && !isWindowsPath(line) && line.includes('://'))
    return collector.warn('Addresses on the network, which are no files, were left out');
  const own = pathOfUrl(line);
  const whole = isAbsolute(own) ? own : path.resolve(path.dirname(file), own.replaceAll('\\', path.sep));
  const known = collector.trackAt(whole);
  const track = collector.tracks[known];
  if (track !== undefined && track.title === null) collector.tracks[known] = { ...track, ...told };
  collector.addRow(known);
}

/** "\\Music\\a.mp3" lies on the drive of the playlist, whatever that was. */
function isAbsolute(text: string): boolean {
  return text.startsWith('/') || text.startsWith('\\') || isWindowsPath(text);
}

function tell(line: string): Partial<Told> {
  const information = /^#EXTINF:\s*(-?[\d.]+)[^,]*,(.*)$/i.exec(line);
  if (information !== null) {
    const durationSeconds = numberIn(information[1], 0.001, LONGEST_SECONDS);
    return { ...nameIn(information[2] ?? ''), durationSeconds };
  }
  if (!/^#EXTVDJ:/i.test(line)) return {};
  const inTag = (name: string): string | null =>
    textOf(new RegExp(`<${name}>([^<]*)</${name}>`, 'i').exec(line)?.[1]?.replaceAll('&amp;', '&'));
  const [title, artist] = [inTag('title'), inTag('artist')];
  const durationSeconds = numberIn(inTag('songlength') ?? undefined, 0.001, LONGEST_SECONDS);
  return {
    ...(title === null ? {} : { title }),
    ...(artist === null ? {} : { artist }),
    ...(durationSeconds === null ? {} : { durationSeconds }),
  };
}

/** "Artist - Title", or a title alone. */
export function nameIn(text: string): { readonly title: string | null; readonly artist: string | null } {
  const at = text.indexOf(' - ');
  if (at <= 0) return { title: textOf(text), artist: null };
  return { artist: textOf(text.slice(0, at)), title: textOf(text.slice(at + 3)) };
}

function baseName(file: string): string {
  return path.basename(file, path.extname(file));
}
