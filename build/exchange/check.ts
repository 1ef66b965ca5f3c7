/**
 * `npm run check:exchange`: a small library is exported, and read back by parsers that other people wrote (pyrekordbox,
 * traktor-nml-utils, serato-tools, fetched with pip outside the tree). docs/exchange.md has the result.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { encodeAudio } from '../demo/encode.ts';
import { cacheFolder } from '../cache-folder.ts';
import { repository } from '../steps.ts';

const PARSERS = ['pyrekordbox==0.5.0', 'traktor-nml-utils==4.1.0', 'serato-tools==2.4.0'];
const TIMEOUT_MS = 8 * 60_000;

/** The Python that has the parsers. */
function python(): string {
  const folder = path.join(cacheFolder(), 'exchange-parsers');
  const program = path.join(folder, 'bin', 'python');
  if (!existsSync(path.join(folder, 'ready'))) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(path.dirname(folder), { recursive: true });
    execFileSync('python3', ['-m', 'venv', folder], { timeout: TIMEOUT_MS });
    const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...PARSERS];
    execFileSync(program, install, { timeout: TIMEOUT_MS, stdio: 'inherit' });
    writeFileSync(path.join(folder, 'ready'), PARSERS.join('\n'));
  }
  return program;
}

function cratewise(library: string, ...words: readonly string[]): void {
  const command = [path.join(repository, 'electron/cli/bin.mjs'), '--db', library, '--quiet', ...words];
  execFileSync(process.execPath, command, { stdio: ['ignore', 'ignore', 'inherit'], timeout: TIMEOUT_MS });
}

const names = ['Ünï & <b>.mp3', `it's 100% "x" #1.flac`, '羊.wav'];

async function check(): Promise<void> {
  const scratch = mkdtempSync(path.join(tmpdir(), 'cratewise-exchange-'));
  const music = path.join(scratch, 'Musik & mehr');
  const library = path.join(scratch, 'library.db');
  const out = (name: string): string => path.join(scratch, name);
  mkdirSync(music);
  try {
    const samples = Float32Array.from(
      { length: 22_050 * 12 },
      (_, at) => Math.sin(at / 20) * (at % 11_025 < 2000 ? 0.8 : 0.05),
    );
    for (const [index, name] of names.entries()) {
      const tags = { title: `T<${index}> & "x"`, artist: index === 1 ? '羊' : 'A & B' };
      await encodeAudio({ file: path.join(music, name), samples, sampleRateHz: 22_050, channels: 1, tags });
    }
    const marks = path.join(scratch, 'marks.xml');
    writeFileSync(marks, collection(music));
    cratewise(library, 'scan', music);
    cratewise(library, 'library', 'import', marks);
    cratewise(library, 'playlist', 'create', 'Own', path.join(music, names[0] ?? ''));
    // The MP3's times are moved for each program: without it, all must be the same.
    rmSync(path.join(music, names[0] ?? ''));
    cratewise(library, 'scan', music);
    for (const [format, file] of [
      ['json', 'library.json'],
      ['rekordbox', 'library.xml'],
      ['traktor', 'library.nml'],
    ] as const)
      cratewise(library, 'library', 'export', '--format', format, '--out', out(file));
    cratewise(library, 'library', 'export', '--format', 'serato', '--each-list', '--out', out('crates'));
    const script = path.join(repository, 'build/exchange/read-back.py');
    execFileSync(python(), [script, scratch], { stdio: 'inherit', timeout: TIMEOUT_MS });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** What the tracks get: stars, a grid, cues, a loop, lists in a folder. */
function collection(music: string): string {
  const tracks = names.map((name, index) => {
    const { pathname } = pathToFileURL(path.join(music, name));
    const rating = (index + 1) * 51;
    return `<TRACK TrackID="${index}" Location="file://localhost${pathname.replaceAll("'", '%27').replaceAll('&', '&amp;')}" Rating="${rating}" PlayCount="${index}">
      <TEMPO Inizio="0.25" Bpm="120.50" Metro="4/4" Battito="1"/>
      <POSITION_MARK Name="One &amp; &lt;two&gt;" Type="0" Start="1.5" Num="0" Red="40" Green="226" Blue="20"/>
      <POSITION_MARK Name="Loop" Type="4" Start="2" End="4.125" Num="1"/>
      <POSITION_MARK Name="memory" Type="0" Start="5.75" Num="-1"/></TRACK>`;
  });
  const rows = [2, 0, 1, 2].map((key) => `<TRACK Key="${key}"/>`).join('');
  return `<?xml version="1.0" encoding="UTF-8"?><DJ_PLAYLISTS Version="1.0.0"><COLLECTION>${tracks.join('')}</COLLECTION>
    <PLAYLISTS><NODE Type="0" Name="ROOT"><NODE Type="0" Name="Sets &amp; more">
    <NODE Type="1" KeyType="0" Name="Friday &lt;1&gt;">${rows}</NODE></NODE></NODE></PLAYLISTS></DJ_PLAYLISTS>`;
}

await check();
