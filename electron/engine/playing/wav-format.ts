/** What a decoded recording looks like as a WAV file: its header, and how many bytes that makes. */

export interface WavFormat {
  readonly sampleRateHz: number;
  readonly channels: number;
  readonly bitsPerSample: 16 | 24;
  /** Samples of each channel. */
  readonly frames: number;
}

const LARGEST_RIFF = 0xffff_ffff;

export function frameBytes({ channels, bitsPerSample }: Omit<WavFormat, 'frames'>): number {
  return (channels * bitsPerSample) / 8;
}

/** Bytes of the whole file, with its header. */
export function wavBytes(format: WavFormat): number {
  const data = format.frames * frameBytes(format);
  return wavHeader(format).length + data;
}

/** RIFF with 'fmt ' and 'data'; RF64 (EBU Tech 3306) where 32 bits do not hold the size. */
export function wavHeader(format: WavFormat): Uint8Array {
  const block = frameBytes(format);
  const data = format.frames * block;
  const long = data + 36 > LARGEST_RIFF;
  const header = Buffer.alloc(long ? 80 : 44);
  header.write(long ? 'RF64' : 'RIFF', 0, 'latin1');
  header.writeUInt32LE(long ? LARGEST_RIFF : data + 36, 4);
  header.write('WAVE', 8, 'latin1');
  let at = 12;
  if (long) {
    header.write('ds64', at, 'latin1');
    header.writeUInt32LE(28, at + 4);
    header.writeBigUInt64LE(BigInt(header.length - 8 + data), at + 8);
    header.writeBigUInt64LE(BigInt(data), at + 16);
    header.writeBigUInt64LE(BigInt(format.frames), at + 24);
    at += 36;
  }
  header.write('fmt ', at, 'latin1');
  header.writeUInt32LE(16, at + 4);
  header.writeUInt16LE(1, at + 8); // integers
  header.writeUInt16LE(format.channels, at + 10);
  header.writeUInt32LE(format.sampleRateHz, at + 12);
  header.writeUInt32LE(format.sampleRateHz * block, at + 16);
  header.writeUInt16LE(block, at + 20);
  header.writeUInt16LE(format.bitsPerSample, at + 22);
  header.write('data', at + 24, 'latin1');
  header.writeUInt32LE(long ? LARGEST_RIFF : data, at + 28);
  return header;
}
