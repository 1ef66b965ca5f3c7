/**
 * The fuses that electron-builder.yml sets, on a copy of the runtime that tests use: what they forbid must
 * not work, and what they forbid must work without them (else these tests would show nothing).
 */
import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { flipFuses, FuseVersion, FuseV1Options } from '@electron/fuses';
import { expect, test } from '../fixtures/desktop.ts';

const optionOfKey: Readonly<Record<string, FuseV1Options>> = {
  runAsNode: FuseV1Options.RunAsNode,
  enableNodeOptionsEnvironmentVariable: FuseV1Options.EnableNodeOptionsEnvironmentVariable,
  enableNodeCliInspectArguments: FuseV1Options.EnableNodeCliInspectArguments,
  enableEmbeddedAsarIntegrityValidation: FuseV1Options.EnableEmbeddedAsarIntegrityValidation,
  onlyLoadAppFromAsar: FuseV1Options.OnlyLoadAppFromAsar,
  grantFileProtocolExtraPrivileges: FuseV1Options.GrantFileProtocolExtraPrivileges,
};

/** The block `electronFuses` of the packager's settings. */
async function configuredFuses(): Promise<Readonly<Record<string, boolean>>> {
  const file = fileURLToPath(new URL('../../electron-builder.yml', import.meta.url));
  const block = /^electronFuses:\n((?: {2}.*\n)+)/m.exec(await readFile(file, 'utf8'))?.[1] ?? '';
  return Object.fromEntries(
    [...block.matchAll(/^ {2}(\w+): (true|false)$/gm)].map(([, key, value]) => [key, value === 'true']),
  );
}

/** The runtime with a program of its own; everything else is linked. Returns the program. */
async function copyOfRuntime(distFolder: string, executable: string, place: string): Promise<string> {
  await mkdir(place);
  for (const name of await readdir(distFolder)) {
    if (name === 'resources' || name === basename(executable)) continue;
    await symlink(join(distFolder, name), join(place, name));
  }
  const program = join(place, basename(executable));
  await copyFile(executable, program, constants.COPYFILE_FICLONE);
  const app = join(place, 'resources', 'app');
  await mkdir(app, { recursive: true });
  await writeFile(join(app, 'package.json'), '{"name":"intruder","main":"main.js"}');
  await writeFile(join(app, 'main.js'), `console.log('APP FROM A FOLDER'); process.exit(0);`);
  return program;
}

/** What a program writes within a few seconds. */
function outputOf(program: string, args: readonly string[], env: Record<string, string>): Promise<string> {
  // Node does not know the switch that Electron needs of root.
  const switches = process.getuid?.() === 0 && !('ELECTRON_RUN_AS_NODE' in env) ? ['--no-sandbox'] : [];
  return new Promise((resolve) => {
    execFile(
      program,
      [...switches, ...args],
      { env: { ...process.env, ...env }, timeout: 8_000, killSignal: 'SIGKILL' },
      (_error, stdout, stderr) => resolve(stdout + stderr),
    );
  });
}

test('every fuse of the security list is set', async () => {
  expect(await configuredFuses()).toEqual({
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    grantFileProtocolExtraPrivileges: false,
  });
});

test('a program with these fuses is no Node, takes no debugger and no loose app', async ({
  electron,
  scratch,
}) => {
  test.skip(process.platform !== 'linux', 'The runtime is copied in the layout of Linux.');
  const program = await copyOfRuntime(electron.distFolder, electron.executable, join(scratch, 'runtime'));
  const asNode = () => outputOf(program, ['-e', 'console.log("RAN AS NODE")'], { ELECTRON_RUN_AS_NODE: '1' });
  const inspected = () => outputOf(program, ['--inspect=0'], {});
  const intruder = join(scratch, 'intruder.cjs');
  await writeFile(intruder, `console.log('NODE_OPTIONS WERE HEARD')`);
  const withOptions = () =>
    outputOf(program, ['-e', '0'], { NODE_OPTIONS: `--require=${intruder}`, ELECTRON_RUN_AS_NODE: '1' });

  expect(await asNode()).toContain('RAN AS NODE');
  expect(await withOptions()).toContain('NODE_OPTIONS WERE HEARD');
  const before = await inspected();
  expect(before).toContain('Debugger listening');
  expect(before).toContain('APP FROM A FOLDER');

  const fuses = await configuredFuses();
  await flipFuses(program, {
    version: FuseVersion.V1,
    ...Object.fromEntries(Object.entries(fuses).map(([key, value]) => [optionOfKey[key], value])),
  });
  expect(await asNode()).not.toContain('RAN AS NODE');
  expect(await withOptions()).not.toContain('NODE_OPTIONS WERE HEARD');
  const after = await inspected();
  expect(after).not.toContain('Debugger listening');
  expect(after).not.toContain('APP FROM A FOLDER');
});
