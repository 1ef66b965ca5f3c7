/**
 * The end of a child process that leads to its parent, whoever forked it: plain Node (messages by IPC) or
 * Electron as a utility process (messages by process.parentPort, or by the port that its first message hands over).
 */
interface PortMessage {
  readonly data: unknown;
  readonly ports: readonly MessagePortLike[];
}

/** What Electron's MessagePortMain and ParentPort have in common. */
interface MessagePortLike {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: PortMessage) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start?(): void;
}

/**
 * @param receive gets every message
 * @param leave called when the parent is gone
 * @returns sends a message; what cannot be sent any more is dropped
 */
export function linkToParent<Received, Sent>(
  receive: (message: Received) => void,
  leave: () => void,
): (message: Sent) => void {
  const { parentPort } = process as NodeJS.Process & { parentPort?: MessagePortLike };
  if (parentPort !== undefined) {
    let to = parentPort;
    parentPort.on('message', ({ data, ports }) => {
      const [port] = ports;
      if (port === undefined) {
        receive(data as Received);
        return;
      }
      to = port;
      port.on('message', (inner) => receive(inner.data as Received));
      port.on('close', leave);
      port.start?.();
    });
    return (message) => to.postMessage(message);
  }
  if (process.send === undefined) {
    process.stderr.write('This is a part of Cratewise that the app starts by itself.\n');
    process.exitCode = 2;
    return () => {};
  }
  process.on('message', (message) => receive(message as Received));
  process.on('disconnect', leave);
  return (message) => {
    // The parent may go away at any moment; then 'disconnect' follows.
    if (process.connected) process.send?.(message, undefined, undefined, () => {});
  };
}
