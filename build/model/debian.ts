/** Free music from Debian's packages: downloaded by apt, unpacked without installing. */
import { execFile } from 'node:child_process';
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Packages with music (licences: each one's copyright file). A package counts as one artist. */
export const debianPackages = [
  'warzone2100-music', 'ufoai-music', '0ad-data', 'planetblupi-music-ogg', 'wesnoth-1.16-music', 'naev-data', 'supertux-data',
  'widelands-data', 'hedgewars-data', 'nexuiz-music', 'berusky2-data', 'supertuxkart-data', 'colobot-common-sounds',
  'singularity-music', 'marsshooter-data', 'megaglest-data', 'freedroidrpg-data', 'unknown-horizons', 'flare-game',
  'redeclipse-data', 'trackballs-data', 'pushover-data', 'starfighter-data', 'fretsonfire-songs-sectoid',
  'fretsonfire-songs-muldjord', 'warmux-data', 'wizznic-data', 'openclonk-data', 'davegnukem-data', 'hyperrogue-music',
  'enigma-data', 'asc-music', 'ardentryst', 'fillets-ng-data', 'freecol', 'btanks-data', 'lordsawar-data',
  'trigger-rally-data',
] as const; // prettier-ignore

const patterns = [
  '*.ogg',
  '*.oga',
  '*.mp3',
  '*.opus',
  '*.flac',
  '*.wav',
  '*.m4a',
  '*.zip',
  '*.pk3',
  'copyright',
];

/** Downloads what is not there yet, one package after another; returns those that no source has. */
export async function downloadPackages(cache: string): Promise<string[]> {
  const folder = join(cache, 'debs');
  await mkdir(folder, { recursive: true });
  const missing: string[] = [];
  for (const name of debianPackages) {
    const present = (await readdir(folder)).some(
      (file) => file.startsWith(`${name}_`) && file.endsWith('.deb'),
    );
    if (present) continue;
    process.stdout.write(`apt-get download ${name}\n`);
    await run('apt-get', ['download', name], { cwd: folder }).catch(() => missing.push(name));
  }
  return missing;
}

/** Unpacks only the audio (also out of .zip and .pk3) and the copyright file. Returns package → folder. */
export async function unpackPackages(cache: string): Promise<Map<string, string>> {
  const unpacked = join(cache, 'unpacked');
  const folders = new Map<string, string>();
  for (const file of (await readdir(join(cache, 'debs'))).filter((entry) => entry.endsWith('.deb')).sort()) {
    const name = file.split('_')[0] ?? file;
    const folder = join(unpacked, name);
    if (!(await isThere(`${folder}.done`))) {
      process.stdout.write(`unpack ${name}\n`);
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder, { recursive: true });
      await unpackAudio(join(cache, 'debs', file), folder);
      await writeFile(`${folder}.done`, '');
    }
    if (!(await isThere(`${folder}.archives`))) {
      await unpackArchives(folder);
      await writeFile(`${folder}.archives`, '');
    }
    folders.set(name, folder);
  }
  return folders;
}

async function unpackAudio(deb: string, folder: string): Promise<void> {
  const wanted = patterns.map((pattern) => `'${pattern}'`).join(' ');
  // tar ends with 2 where a pattern matches nothing; an unreadable package leaves an empty folder, which is said.
  const command = `dpkg-deb --fsys-tarfile "$1" | tar -x -C "$2" --wildcards --no-anchored ${wanted} 2>/dev/null || true`;
  await run('bash', ['-c', command, 'unpack', deb, folder]);
  if ((await readdir(folder)).length === 0)
    throw new Error(`${deb} holds no audio or cannot be read: delete it and run again.`);
}

async function unpackArchives(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true })) {
    if (!/\.(zip|pk3)$/i.test(entry)) continue;
    const archive = join(folder, entry);
    const target = `${archive}.unpacked`;
    await mkdir(target, { recursive: true });
    // 11: nothing in it matches.
    await run('unzip', ['-qq', '-o', archive, '*.ogg', '*.opus', '*.mp3', '*.flac', '-d', target], {
      maxBuffer: 1e8,
    }).catch((error: { code?: number | string }) => {
      if (error.code === 'ENOENT') throw new Error('unzip is missing: apt-get install unzip.');
      if (error.code !== 11 && error.code !== 1)
        throw new Error(`${archive} cannot be unpacked (unzip ended with ${String(error.code)}).`);
    });
    await rm(archive);
  }
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}
