/** The options that every command has. */
import { InvalidArgumentError } from 'commander';
import type { PathMapping } from '#shared/domain.ts';

export interface GlobalOptions {
  /** The library, absolute; undefined: the default one. */
  readonly db?: string;
  readonly json?: true;
  readonly ndjson?: true;
  readonly quiet?: true;
  readonly jobs?: number;
}

/** A whole number from `lowest` to `highest`, as an option's value. */
export function wholeNumber(lowest: number, highest: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= lowest && value <= highest) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${lowest} to ${highest}.`);
  };
}

/** A confidence: 0 to 1, or a percentage. */
export function confidence(text: string): number {
  const value = text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError('It must be between 0 and 1, or between 0% and 100%.');
}

/** "FROM=TO": a beginning of paths and what stands for it elsewhere; repeated ones are collected. */
export function mapping(text: string, before: readonly PathMapping[] = []): readonly PathMapping[] {
  const at = text.indexOf('=');
  const [from, to] = [text.slice(0, at), text.slice(at + 1)];
  if (at > 0 && to !== '') return [...before, { from, to }];
  throw new InvalidArgumentError('It must be FROM=TO, for example /home/me/Music=D:\\Music.');
}
