/** The checksum of Ogg pages (RFC 3533): no reflection, start and end zero. Eight bytes a step. */
const STEPS = 8;
const tables = makeTables();

function makeTables(): readonly Uint32Array[] {
  const first = Uint32Array.from({ length: 256 }, (_, index) => {
    let crc = index << 24;
    for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ (crc < 0 ? 0x04c1_1db7 : 0);
    return crc;
  });
  const all = [first];
  while (all.length < STEPS) {
    const before = all.at(-1)!;
    all.push(before.map((crc) => (crc << 8) ^ first[crc >>> 24]!));
  }
  return all;
}

/** Goes on from `crc`, the checksum of what stands before (0 at the start). */
export function oggChecksum(bytes: Uint8Array, crc = 0): number {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = tables as readonly [
    ...[Uint32Array, Uint32Array, Uint32Array, Uint32Array],
    ...[Uint32Array, Uint32Array, Uint32Array, Uint32Array],
  ];
  let value = crc;
  let at = 0;
  for (; at + STEPS <= bytes.length; at += STEPS)
    value =
      t7[(value >>> 24) ^ bytes[at]!]! ^
      t6[((value >>> 16) & 255) ^ bytes[at + 1]!]! ^
      t5[((value >>> 8) & 255) ^ bytes[at + 2]!]! ^
      t4[(value & 255) ^ bytes[at + 3]!]! ^
      t3[bytes[at + 4]!]! ^
      t2[bytes[at + 5]!]! ^
      t1[bytes[at + 6]!]! ^
      t0[bytes[at + 7]!]!;
  for (; at < bytes.length; at++) value = (value << 8) ^ t0[(value >>> 24) ^ bytes[at]!]!;
  return value >>> 0;
}
