/** Raw items and values as the journal keeps them. */
import type { RawItem } from '../editing/model.ts';

type StoredItem = Omit<RawItem, 'bytes'> & { readonly bytes: string };

export function itemsToText(items: readonly RawItem[]): string {
  return JSON.stringify(
    items.map((item): StoredItem => ({ ...item, bytes: Buffer.from(item.bytes).toString('base64') })),
  );
}

export function itemsFromText(text: string): readonly RawItem[] {
  return (JSON.parse(text) as StoredItem[]).map((item) => ({
    ...item,
    bytes: Buffer.from(item.bytes, 'base64'),
  }));
}

/**
 * Whether two lists say the same. Formats without multiple values hold several as one text, with a separator that each
 * reader splits at, or does not: that is no difference.
 */
export function saySame(one: readonly string[], other: readonly string[]): boolean {
  const words = partsOf(one);
  const others = partsOf(other);
  return words.length === others.length && words.every((word, index) => word === others[index]);
}

function partsOf(values: readonly string[]): readonly string[] {
  const parts = values.flatMap((value) => value.split(/[\0/;,]/)).map((part) => part.trim());
  return [...new Set(parts.filter((part) => part !== '').map((part) => part.normalize('NFC')))];
}
