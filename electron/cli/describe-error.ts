/** A failure as a sentence for the terminal. */
import { AppError, toWire } from '#shared/errors.ts';
import { errorText } from '#shared/error-text.ts';
import { printable } from './output.ts';

export function describeError(error: unknown): string {
  const { code, detail } = toWire(error);
  if (!(error instanceof AppError)) return `a defect of Cratewise: ${detail}. Please report it.`;
  return printable(detail === '' ? errorText(code).advice : detail);
}
