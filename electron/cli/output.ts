/** What commands print: results on stdout, everything else on stderr. */
import { once } from 'node:events';
import { interrupt } from './interrupt.ts';
import type { GlobalOptions } from './global-options.ts';

const controlCharacters = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

/** Names and tags are hostile text: no escape sequence of theirs reaches the terminal. */
export function printable(text: string): string {
  return text.replaceAll(controlCharacters, '\uFFFD');
}

let hasBegun = false;
let pipeIsGone = false;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  pipeIsGone = true;
  if (!interrupt().signal.aborted) interrupt().trigger();
});

/** True when the reader went away (`| head`), which is no failure. */
export function isPipeGone(): boolean {
  return pipeIsGone;
}

/** True when something stands on stdout: what follows can only go on from there. */
export function hasPrinted(): boolean {
  return hasBegun;
}

/** Waits while the reader is slower: a long list never fills the memory. */
export async function print(text: string): Promise<void> {
  if (pipeIsGone) return;
  hasBegun = true;
  if (!process.stdout.write(text)) await Promise.race([once(process.stdout, 'drain'), aborted()]);
}

function aborted(): Promise<unknown> {
  const { signal } = interrupt();
  return signal.aborted ? Promise.resolve() : once(signal, 'abort');
}

export function note(options: GlobalOptions, text: string): void {
  if (options.quiet !== true) process.stderr.write(`${text}\n`);
}

/** One JSON value, or one line of it; `text` for people. */
export async function printResult(options: GlobalOptions, value: unknown, text: () => string): Promise<void> {
  if (options.json === true) await print(`${JSON.stringify(value, null, 2)}\n`);
  else if (options.ndjson === true) await print(`${JSON.stringify(value)}\n`);
  else await print(`${text()}\n`);
}

/** A list: a JSON array, one object a line, or a line of text each. Written as it comes. */
export async function printList<Item>(
  options: GlobalOptions,
  items: Iterable<Item> | AsyncIterable<Item>,
  toValue: (item: Item) => unknown,
  toText: (item: Item) => string,
): Promise<number> {
  let count = 0;
  for await (const item of items) {
    const start = count === 0 ? '[\n' : ',\n';
    if (options.json === true) await print(`${start}${JSON.stringify(toValue(item))}`);
    else if (options.ndjson === true) await print(`${JSON.stringify(toValue(item))}\n`);
    else await print(`${toText(item)}\n`);
    count += 1;
  }
  if (options.json === true) await print(count === 0 ? '[]\n' : '\n]\n');
  return count;
}

/** Columns side by side; the last one is not filled up. */
export function table(rows: readonly (readonly string[])[], alignRight: readonly number[] = []): string {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, cell.length)));
  const pad = (cell: string, i: number): string =>
    alignRight.includes(i) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0);
  return rows.map((row) => row.map(pad).join('  ').trimEnd()).join('\n');
}

/** "3 tracks", "1 track". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
