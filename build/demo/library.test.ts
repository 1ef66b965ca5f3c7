import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseFile } from 'music-metadata';
import { expect, test } from 'vitest';
import { writeDemoLibrary } from './library.ts';
import { pieces } from './pieces.ts';

test('files of the given endings, tagged with what is known of them', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'cratewise-demo-'));
  try {
    const tracks = await writeDemoLibrary(folder, {
      seconds: 2,
      pieces: pieces.slice(0, 3),
      endings: ['flac', 'mp3'],
    });
    expect(tracks.map((track) => path.relative(folder, track.file))).toEqual([
      path.join('Mira Vale', 'Night Shifts', 'Corner of Light.flac'),
      path.join('Mira Vale', 'Night Shifts', 'Slow Elevator.mp3'),
      path.join('Unit Eleven', 'Foundry', 'Pressure Room.flac'),
    ]);
    for (const track of tracks) {
      const { common, format } = await parseFile(track.file, { duration: true });
      expect(format.duration).toBeCloseTo(2, 0);
      expect([common.title, common.artist, common.album, common.year, common.bpm]).toEqual([
        track.title,
        track.artist,
        track.album,
        track.year,
        track.bpm,
      ]);
      expect(common.genre).toEqual([track.style]);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a folder that cannot be made is an error with its name', async () => {
  const nowhere = path.join(process.execPath, 'inside a file');
  await expect(writeDemoLibrary(nowhere, { pieces: pieces.slice(0, 1) })).rejects.toThrow(/inside a file/);
});
