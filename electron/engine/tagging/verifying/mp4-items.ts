/** Reads one item of an MP4 file's list for the verifier: its name and its values. */

interface Item {
  readonly key: string;
  readonly values: readonly string[];
}

const TEXT = 1;

/** `bytes` is the whole atom. Never throws: what is no value is an item all the same. */
export function readItem(bytes: Buffer, name: string): Item {
  let owner = '';
  let own = '';
  const values: string[] = [];
  for (let at = 8; at + 12 <= bytes.length;) {
    const size = bytes.readUInt32BE(at);
    if (size < 12 || at + size > bytes.length) break;
    const kind = bytes.toString('latin1', at + 4, at + 8);
    const content = bytes.subarray(at + 12, at + size);
    if (kind === 'mean') owner = content.toString('utf8');
    if (kind === 'name') own = content.toString('utf8');
    if (kind === 'data' && content.length >= 4) {
      const value = valueOf(name, bytes.readUInt32BE(at + 8) & 0xff_ffff, content.subarray(4));
      if (value !== null) values.push(value);
    }
    at += size;
  }
  const key = name === '----' ? `----:${owner}:${own}` : name;
  return { key, values };
}

function valueOf(name: string, type: number, value: Buffer): string | null {
  if (name === 'gnre') return value.length === 2 ? `(${value.readUInt16BE(0) - 1})` : null;
  if (name === 'tmpo') {
    const tempo = value.length > 0 && value.length <= 4 ? value.readUIntBE(0, value.length) : 0;
    // Zero says that nobody knows.
    return tempo === 0 ? null : String(tempo);
  }
  const text = type === TEXT ? value.toString('utf8') : '';
  return text === '' ? null : text;
}
