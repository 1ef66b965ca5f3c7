import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { createProgram } from './program.ts';

/** The contract that scripts rely on: command → arguments and options it must have. Later issues add rows. */
const contract: Readonly<Record<string, readonly string[]>> = {
  scan: ['<folders...>', '--jobs', '--strict'],
  list: ['[query]', '--fields'],
  genres: [],
  similar: ['<track>', '--limit'],
  explain: ['<track>', '--genre'],
  'playlist list': [],
  'playlist create': ['<name>'],
  'playlist generate': ['<genre>'],
  'playlist build': [
    ...[
      '<name>',
      '[query]',
      '--count',
      '--duration',
      '--genre',
      '--energy',
      '--from',
      '--to',
      '--bpm',
      '--bpm-step',
    ],
    ...[
      '--key-rule',
      '--artist-gap',
      '--include',
      '--exclude',
      '--at',
      '--weights',
      '--pitch',
      '--no-key-lock',
    ],
    ...['--energy-step', '--seed', '--dry-run'],
  ],
  'playlist show': ['<name>'],
  'playlist delete': ['<name>'],
  'playlist export': ['<name>', '--format', '--out', '--relative', '--each-list', '--map'],
  'playlist copy': ['<name>', '--to', '--convert', '--no-numbers'],
  'library import': ['<file>', '--dry-run', '--only', '--map', '--match'],
  'library export': ['--format', '--out', '--each-list'],
  'tag propose': ['[query]', '--field', '--mode'],
  'tag review': ['[query]'],
  'tag apply': ['--yes', '--above'],
  'tag undo': ['[tracks...]', '--yes', '--all', '--batch'],
  'tag history': [],
  errors: ['--retry'],
  doctor: [],
  serve: ['--port'],
};
const global = ['--db', '--json', '--ndjson', '--quiet', '--jobs'];

const program = createProgram(() => {});
function find(name: string): Command {
  return name.split(' ').reduce((parent, part) => {
    const found = parent.commands.find((command) => command.name() === part);
    if (found === undefined) throw new Error(`There is no command “${name}”.`);
    return found;
  }, program as Command);
}

test.each(Object.entries(contract))('--help of %s names what the contract promises', (name, parts) => {
  const help = find(name).helpInformation();
  for (const part of [...parts, ...global]) expect(help).toContain(part);
});

test('there are no commands beside those of the contract', () => {
  const names = program.commands.flatMap((command) =>
    command.commands.length === 0
      ? [command.name()]
      : command.commands.map((sub) => `${command.name()} ${sub.name()}`),
  );
  expect(names.sort()).toEqual(Object.keys(contract).sort());
});

test('the fields of list begin with those of the contract', () => {
  const help = find('list').helpInformation().replaceAll(/\s+/g, ' ');
  for (const field of ['id', 'path', 'title', 'artist', 'album', 'genres', 'embedding', 'state', 'error'])
    expect(help).toContain(` ${field},`);
});

test('the script that is started is plain JavaScript that an old Node can read', () => {
  const source = readFileSync(new URL('bin.mjs', import.meta.url), 'utf8');
  expect(source.startsWith('#!/usr/bin/env node\n')).toBe(true);
  // Static imports are loaded before anything is checked: only what every Node has.
  const imports = [...source.matchAll(/^import .* from '(.*)';$/gm)].map(([, from]) => from);
  expect(imports.every((from) => from?.startsWith('node:'))).toBe(true);
});
