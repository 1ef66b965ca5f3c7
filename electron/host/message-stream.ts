/** Messages over a byte stream: one JSON value a line. */
import type { Socket } from 'node:net';
import { StringDecoder } from 'node:string_decoder';

/** A playlist of 200,000 ids is 2 MB; nothing of ours comes near this. */
const LONGEST_LINE = 32 * 1024 * 1024;
/** Unread by the other side: it has stopped reading, and its messages must not fill our memory. */
const MOST_UNREAD_BYTES = 64 * 1024 * 1024;

export interface MessageStream {
  send(message: unknown): void;
  /** Ends the connection after what was sent. */
  end(): void;
}

/**
 * Calls `receive` with each value that arrives, and `closed` once, when the connection is gone. A line that
 * is no JSON, or endless, ends the connection.
 */
export function createMessageStream(
  socket: Socket,
  receive: (message: unknown) => void,
  closed: () => void,
): MessageStream {
  const decoder = new StringDecoder('utf8');
  let rest: string[] = [];
  let restLength = 0;

  socket.on('data', (chunk) => {
    const lines = decoder.write(chunk).split('\n');
    for (const [index, part] of lines.entries()) {
      rest.push(part);
      restLength += part.length;
      if (index < lines.length - 1) {
        const line = rest.join('');
        rest = [];
        restLength = 0;
        if (!take(line)) return;
      }
    }
    if (restLength > LONGEST_LINE) socket.destroy();
  });
  socket.on('error', () => {}); // 'close' follows, that is what matters
  socket.once('close', closed);

  function take(line: string): boolean {
    if (socket.destroyed) return false;
    let message: unknown;
    try {
      message = JSON.parse(line);
    } catch {
      socket.destroy();
      return false;
    }
    receive(message);
    return true;
  }

  return {
    send(message) {
      if (socket.destroyed || socket.writableEnded) return;
      socket.write(`${JSON.stringify(message)}\n`);
      if (socket.writableLength > MOST_UNREAD_BYTES) socket.destroy();
    },
    end: () => void socket.end(),
  };
}
