/** XML written piece by piece: every value escaped, what XML cannot hold left out. */

/** Not allowed in XML 1.0 however it is written (section 2.2); halves of surrogate pairs are replaced before. */
const impossible = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // As characters a reader would make spaces of them in attributes (section 3.3.3).
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(impossible, '')
    .replaceAll(/[&<>"\t\n\r]/g, (character) => escapes[character] ?? character);
}

export type XmlAttributes = Readonly<Record<string, string | number | null | undefined>>;

/** Attributes that are null are left out. */
export function openTag(name: string, attributes: XmlAttributes = {}, end = '>'): string {
  let text = `<${name}`;
  for (const [key, value] of Object.entries(attributes))
    if (value !== null && value !== undefined) text += ` ${key}="${escapeXml(String(value))}"`;
  return text + end;
}

/** An element with nothing in it. */
export function emptyTag(name: string, attributes: XmlAttributes): string {
  return openTag(name, attributes, '/>');
}

export function textElement(name: string, text: string): string {
  return `<${name}>${escapeXml(text)}</${name}>`;
}

/** At most so many decimals, without zeros at the end: 120, 127.98. */
export function decimal(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
}
