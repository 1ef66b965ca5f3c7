/** Half precision: two bytes a weight, and about three digits, which the outputs do not notice. */

/** float32 → IEEE half floats, little-endian, rounded to nearest even; beyond ±65504 becomes infinite. */
export function toHalf(values: Float32Array): Uint8Array {
  const result = new Uint8Array(values.length * 2);
  const view = new DataView(result.buffer);
  values.forEach((value, index) => view.setUint16(index * 2, halfBits(value), true));
  return result;
}

const single = new DataView(new ArrayBuffer(4));

function halfBits(value: number): number {
  single.setFloat32(0, value);
  const bits = single.getUint32(0);
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = Math.abs(value);
  if (Number.isNaN(value)) return 0x7e00;
  if (magnitude >= 65520) return sign | 0x7c00;
  // Below the smallest normal number: a multiple of 2^-24.
  if (magnitude < 2 ** -14) return sign | roundToEven(magnitude * 2 ** 24);
  const exponent = Math.floor(Math.log2(magnitude));
  const correct = 2 ** exponent > magnitude ? exponent - 1 : exponent;
  // A mantissa that rounds up to 1024 carries into the exponent by itself.
  return sign | (((correct + 15) << 10) + roundToEven((magnitude / 2 ** correct - 1) * 1024));
}

function roundToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest > 0.5 || (rest === 0.5 && floor % 2 === 1)) return floor + 1;
  return floor;
}
