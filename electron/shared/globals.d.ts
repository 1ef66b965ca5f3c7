/** The part of AbortSignal that Node and browsers share: this folder has the types of neither. */
interface AbortSignal {
  readonly aborted: boolean;
  throwIfAborted(): void;
}
