/** What the product writes to its log: the shape of pino's logger, so that any host may bring its own. */
interface LogLine {
  (fields: object, message: string): void;
}

export interface Logger {
  readonly debug: LogLine;
  readonly info: LogLine;
  readonly warn: LogLine;
  readonly error: LogLine;
}

/** For tests and short-lived tools. */
export const silentLog: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
