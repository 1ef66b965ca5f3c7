/**
 * A shuffled order of any length that is computed instead of held: a list of 100,000 tracks is shuffled by one
 * number, which also survives a restart. A Feistel network over the next power of four, walked until it lands
 * inside the list (Black and Rogaway, "Ciphers with arbitrary finite domains", 2002).
 */

const ROUNDS = 4;

/** Where the row stands that is played at `position` of the shuffled order. Both count from 0 to `length` - 1. */
export function shuffledIndex(position: number, length: number, seed: number): number {
  return walk(position, length, (value, half) => {
    let left = value >>> half;
    let right = value & mask(half);
    for (let round = 0; round < ROUNDS; round += 1) {
      [left, right] = [right, left ^ (mixed(right, seed, round) & mask(half))];
    }
    return combined(left, right, half);
  });
}

/** At which position of the shuffled order a row is played: the inverse of `shuffledIndex`. */
export function shuffledPosition(index: number, length: number, seed: number): number {
  return walk(index, length, (value, half) => {
    let left = value >>> half;
    let right = value & mask(half);
    for (let round = ROUNDS - 1; round >= 0; round -= 1) {
      [left, right] = [right ^ (mixed(left, seed, round) & mask(half)), left];
    }
    return combined(left, right, half);
  });
}

function walk(start: number, length: number, permute: (value: number, half: number) => number): number {
  if (length <= 1) return 0;
  const half = Math.max(1, Math.ceil(Math.log2(length) / 2));
  let value = start;
  do value = permute(value, half);
  while (value >= length);
  return value;
}

const mask = (bits: number): number => 2 ** bits - 1;
const combined = (left: number, right: number, half: number): number => left * 2 ** half + right;

/** 32 bits that depend on all bits of the three (the finaliser of MurmurHash3). */
function mixed(value: number, seed: number, round: number): number {
  let hash = Math.imul(value + 1, 0x9e37_79b1) ^ Math.imul(seed + round * 0x51_7c_c1, 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
