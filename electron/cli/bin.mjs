#!/usr/bin/env node
// Plain JavaScript that an old Node can read: it looks at the Node that runs it before anything else is
// loaded. The database library crashes on Node 20, and nobody should see that instead of a sentence.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const isNewEnough = major > 22 || (major === 22 && minor >= 22);

if (isNewEnough) start();
else startWithOwnNode();

function start() {
  // Started by an older Node (below): end when that one was killed.
  if (process.env.CRATEWISE_STARTED_BY_NODE && process.channel) {
    process.channel.unref();
    process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  }
  // Node 22 calls running TypeScript experimental; users need not read that with every command.
  const emitWarning = process.emitWarning;
  process.emitWarning = function (warning, ...rest) {
    if (!String(warning).includes('Type Stripping')) emitWarning.call(process, warning, ...rest);
  };
  // The next command starts twice as fast. In a folder of the user's own: compiled code is trusted.
  const caches = process.env.XDG_CACHE_HOME || process.env.LOCALAPPDATA || join(homedir(), '.cache');
  module.enableCompileCache?.(join(caches, 'cratewise', 'compiled'));
  import('./main.ts').then(
    ({ main }) => main(process.argv.slice(2)),
    (error) => {
      console.error(error);
      process.exitCode = 1;
    },
  );
}

/** Node 24 is installed with the other packages. */
function startWithOwnNode() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const node = fileURLToPath(new URL(`../../node_modules/node/bin/${name}`, import.meta.url));
  if (!existsSync(node)) {
    console.error(
      `cratewise: Node 22.22 or newer is needed, and this is Node ${process.versions.node} (${process.execPath}).\n` +
        'Run “npm ci” in the folder of Cratewise, which brings Node 24 along, or install a newer Node.',
    );
    process.exitCode = 1;
    return;
  }
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, CRATEWISE_STARTED_BY_NODE: process.versions.node },
  });
  // The child decides how to end, and this process ends like it. Ctrl-C reaches both of them, but a script may
  // signal this one alone: all is handed on, and the child takes two at once for one.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`cratewise: ${node} cannot be started (${error.message}).`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code === null ? (signal === 'SIGINT' ? 130 : 1) : code;
  });
}
