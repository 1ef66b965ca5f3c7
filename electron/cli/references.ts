/** What users call things by: tracks by path or id, playlists by name or id. */
import { createInterface } from 'node:readline';
import type { Playlist, Track } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import { fromUser } from './places.ts';
import type { Session } from './session.ts';

export async function findTrack(session: Session, reference: string): Promise<Track> {
  const isId = /^\d+$/.test(reference);
  return await session.request('tracks.find', { reference: isId ? reference : fromUser(reference) });
}

/** By name (whatever the case) first, then by id: a playlist may be named "1999". */
export async function findPlaylist(session: Session, reference: string): Promise<Playlist> {
  const playlists = await session.request('playlists.list', {});
  const fold = (name: string): string => name.normalize('NFC').toLowerCase();
  const found =
    playlists.find(({ name }) => name === reference) ??
    playlists.find(({ name }) => fold(name) === fold(reference)) ??
    playlists.find(({ id }) => String(id) === reference);
  if (found !== undefined) return found;
  throw new AppError(
    'not-found',
    `There is no playlist “${reference}”. “cratewise playlist list” names all of them.`,
  );
}

/** The arguments; a '-' stands for one reference a line of stdin. */
export async function readReferences(references: readonly string[]): Promise<readonly string[]> {
  const all: string[] = [];
  for (const reference of references) {
    if (reference !== '-') all.push(reference);
    else for await (const line of createInterface({ input: process.stdin })) if (line !== '') all.push(line);
  }
  return all;
}
