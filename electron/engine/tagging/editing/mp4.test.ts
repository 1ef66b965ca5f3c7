import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesOf, noise, u16be, u32be, u64be, zeros } from '../fixtures/bytes.fixture.ts';
import { atom, dataAtom, freeform, item, itunes } from '../fixtures/mp4-atoms.fixture.ts';
import { mp4Files } from '../fixtures/mp4.fixture.ts';
import {
  applied,
  edited,
  editedAfterDamage,
  plainPolicy,
  restoring,
  setTo,
  someEdits,
  sourceOf,
  valuesOf,
} from './editors.fixture.ts';
import { openEditor } from './editors.ts';

const sound = noise(600, 5);
const ftyp = atom('ftyp', 'M4A ', u32be(0));
const containers = ['moov', 'trak', 'mdia', 'minf', 'stbl', 'moof', 'traf', 'mfra'];

/** What lies at each place that the file gives for its sound. */
function placesOf(bytes: Buffer): readonly string[] {
  const places: string[] = [];
  const at = (offset: number): void => {
    places.push(bytes.subarray(offset, offset + 8).toString('hex'));
  };
  const walk = (start: number, end: number): void => {
    for (let from = start; from < end;) {
      const size = bytes.readUInt32BE(from);
      const name = bytes.toString('latin1', from + 4, from + 8);
      const content = from + 8;
      if (containers.includes(name)) walk(content, from + size);
      if (name === 'stco' || name === 'co64')
        for (let i = 0; i < bytes.readUInt32BE(content + 4); i++)
          at(
            name === 'stco'
              ? bytes.readUInt32BE(content + 8 + i * 4)
              : Number(bytes.readBigUInt64BE(content + 8 + i * 8)),
          );
      if (name === 'tfhd' && (bytes[content + 3]! & 1) === 1) at(Number(bytes.readBigUInt64BE(content + 8)));
      if (name === 'tfra') at(Number(bytes.readBigUInt64BE(content + 24)));
      from = size === 0 ? end : size === 1 ? from + Number(bytes.readBigUInt64BE(from + 8)) : from + size;
    }
  };
  walk(0, bytes.length);
  return places;
}

interface Parts {
  readonly items?: readonly Buffer[];
  /** In front of `moov`. */
  readonly front?: readonly Buffer[];
  /** Atoms behind `ilst` in `meta`. */
  readonly inMeta?: readonly Buffer[];
  readonly inUdta?: readonly Buffer[];
  readonly inMoov?: readonly Buffer[];
  /** Between `moov` and the sound. */
  readonly behind?: readonly Buffer[];
  readonly inTable?: readonly Buffer[];
  readonly dref?: number;
  readonly handler?: string;
}

/** The sound in three chunks behind the tags. */
function movie({
  items,
  front = [],
  inMeta = [],
  inUdta,
  inMoov = [],
  behind = [],
  inTable = [],
  dref = 1,
  handler = 'mdir',
}: Parts): Buffer {
  const meta =
    items === undefined
      ? []
      : [
          atom(
            'meta',
            u32be(0),
            atom('hdlr', u32be(0), u32be(0), handler, 'appl', zeros(9)),
            atom('ilst', ...items),
            ...inMeta,
          ),
        ];
  const udta = items === undefined && inUdta === undefined ? [] : [atom('udta', ...meta, ...(inUdta ?? []))];
  const moov = (start: number): Buffer =>
    atom(
      'moov',
      atom(
        'trak',
        atom(
          'mdia',
          atom(
            'minf',
            atom('dinf', atom('dref', u32be(0), u32be(1), atom('url ', u32be(dref)))),
            atom(
              'stbl',
              atom('stco', u32be(0), u32be(3), ...[0, 200, 400].map((each) => u32be(start + each))),
              ...inTable,
            ),
          ),
        ),
      ),
      ...udta,
      ...inMoov,
    );
  const start = bytesOf(ftyp, ...front, moov(0), ...behind).length + 8;
  return bytesOf(ftyp, ...front, moov(start), ...behind, atom('mdat', sound));
}

const longer = setTo('genre', 'House, and a good deal more of it');
const house = item('©gen', 'House');
const others = [item('©nam', 'Name'), atom('abcd', noise(30, 1)), freeform(itunes, 'iTunNORM', ' 0001')];

describe('values', () => {
  test('an item is replaced where it stands; all others keep every byte', async () => {
    const before = movie({
      items: [others[0]!, house, others[1]!, others[2]!],
      inMeta: [atom('free', zeros(100))],
    });
    const { bytes, plan } = await edited(openEditor, before, [setTo('genre', 'Dub', 'Deep House')]);
    const now = item('©gen', 'Dub', 'Deep House');
    const room = 100 - (now.length - house.length);
    expect(bytes).toEqual(
      movie({ items: [others[0]!, now, others[1]!, others[2]!], inMeta: [atom('free', zeros(room))] }),
    );
    expect(plan).toMatchObject({
      changes: [{ tag: 'MP4', key: '©gen', change: 'changed', before: 'House', after: 'Dub; Deep House' }],
      keptItems: 3,
      audioBytes: sound.length,
    });
    expect(plan.patches).toHaveLength(1);
  });

  test('a numbered genre becomes one in words, and is not doubled', async () => {
    const number = atom('gnre', dataAtom(0, u16be(18)));
    const room = [atom('free', zeros(200))];
    const alone = movie({ items: [number, ...others], inMeta: room });
    expect(await valuesOf(openEditor, alone, 'genre')).toEqual(['Rock']);
    const both = movie({ items: [number, house], inMeta: room });
    for (const file of [alone, both]) {
      const { bytes } = await edited(openEditor, file, [setTo('genre', 'Dub')]);
      expect(bytes.includes('gnre')).toBe(false);
      expect(bytes.toString('latin1').match(/\u00a9gen/g)).toHaveLength(1);
      const undo = await restoring(openEditor, file, ['genre']);
      expect((await edited(openEditor, bytes, undo)).bytes).toEqual(file);
    }
    expect((await edited(openEditor, alone, [setTo('genre', 'Rock')])).plan.changes).toEqual([]);
  });

  test('the tempo is a number of two bytes, a free item in any case is the one that is there', async () => {
    const file = movie({
      items: [atom('tmpo', dataAtom(21, u16be(120))), freeform(itunes, 'InitialKey', '8A')],
    });
    const { bytes } = await edited(openEditor, file, [setTo('bpm', '174'), setTo('initialKey', '9B')]);
    expect(bytes).toEqual(
      movie({ items: [atom('tmpo', dataAtom(21, u16be(174))), freeform(itunes, 'InitialKey', '9B')] }),
    );
    for (const value of ['127.5', '0', '70000', 'fast'])
      await expect(edited(openEditor, file, [setTo('bpm', value)])).rejects.toMatchObject({
        code: 'tags-unsupported',
      });
  });

  test('values in UTF-16 are read; only those that change are written again', async () => {
    const wide = dataAtom(2, Buffer.from('Tief', 'utf16le').swap16());
    const file = movie({ items: [atom('©gen', wide, dataAtom(1, 'House'))] });
    expect(await valuesOf(openEditor, file, 'genre')).toEqual(['Tief', 'House']);
    const { bytes } = await edited(openEditor, file, [setTo('genre', 'Tief', 'Techn')]);
    expect(bytes).toEqual(movie({ items: [atom('©gen', wide, dataAtom(1, 'Techn'))] }));
  });

  test('a list that is not there is added, and goes with what stood in it', async () => {
    for (const file of [movie({}), movie({ inUdta: [atom('name', 'x'), zeros(4)] })]) {
      const { bytes } = await edited(openEditor, file, [longer, setTo('mood', 'dark')]);
      expect(placesOf(bytes)).toEqual(placesOf(file));
      expect(await valuesOf(openEditor, bytes, 'mood')).toEqual(['dark']);
      const again = await edited(openEditor, bytes, [setTo('grouping', 'found room')]);
      expect(again.plan.patches).not.toBeNull();
      const undo = await restoring(openEditor, file, ['genre', 'mood', 'grouping']);
      expect((await edited(openEditor, again.bytes, undo)).bytes).toEqual(file);
    }
  });
});

describe('room', () => {
  test.each([
    ['none', {}],
    ['none, other things behind', { inUdta: [atom('chpl', noise(30, 2))], inMoov: [atom('zzzz')] }],
    ['too little', { inMeta: [atom('free', zeros(10))] }],
    ['not empty', { inMeta: [atom('free', noise(90, 2))] }],
  ])('%s: the sound moves, its places follow, and undo gives back every byte', async (_, parts) => {
    const file = movie({ items: [house, ...others], ...parts });
    const { bytes, plan } = await edited(openEditor, file, [longer]);
    expect(plan.patches).toBeNull();
    expect(placesOf(bytes)).toEqual(placesOf(file));
    const next = await edited(openEditor, bytes, [setTo('mood', 'with room now')]);
    expect(next.plan.patches).not.toBeNull();
    const undo = await restoring(openEditor, file, ['genre', 'mood']);
    expect((await edited(openEditor, next.bytes, undo, plainPolicy, file.length)).bytes).toEqual(file);
  });

  test.each([
    ['in meta', { inMeta: [atom('free', zeros(90))] }],
    ['in meta, just enough', { inMeta: [atom('free', zeros(20))] }],
    ['in udta', { inUdta: [atom('chpl', noise(30, 2)), atom('skip', zeros(90))] }],
    ['in moov', { inMoov: [atom('zzzz'), atom('free', zeros(90))] }],
    ['behind moov', { behind: [atom('free', zeros(90))] }],
  ])('%s: written in place, and undone', async (_, parts) => {
    const file = movie({ items: [house, ...others], ...parts });
    const { bytes, plan } = await edited(openEditor, file, [longer]);
    expect(plan.patches).not.toBeNull();
    expect(placesOf(bytes)).toEqual(placesOf(file));
    const undo = await restoring(openEditor, file, ['genre']);
    expect((await edited(openEditor, bytes, undo)).bytes).toEqual(file);
  });

  test('shorter tags leave room behind them', async () => {
    const file = movie({ items: [item('©gen', 'A long name of a genre'), ...others] });
    const { bytes, plan } = await edited(openEditor, file, [setTo('genre', 'Dub')]);
    expect(plan.patches).not.toBeNull();
    const undo = await restoring(openEditor, file, ['genre']);
    expect((await edited(openEditor, bytes, undo)).bytes).toEqual(file);
  });
});

describe('places that cannot follow', () => {
  const code = 'tags-unsupported';

  test('beyond 4 GB', async () => {
    const far = movie({ items: [house] });
    far.writeUInt32BE(0xffffffff, far.indexOf('stco') + 12);
    await expect(edited(openEditor, far, [longer])).rejects.toMatchObject({ code });
    const wide = movie({ items: [house], inTable: [atom('co64', u32be(0), u32be(1), u64be(0xffffffff))] });
    const { bytes } = await edited(openEditor, wide, [longer]);
    const moved = Number(bytes.readBigUInt64BE(bytes.indexOf('co64') + 12));
    expect(moved - 0xffffffff).toBe(bytes.length - wide.length);
  });

  test('sound in another file stays where it is', async () => {
    const file = movie({ items: [house], dref: 0 });
    const { bytes } = await edited(openEditor, file, [longer]);
    const table = (of: Buffer): Buffer => of.subarray(of.indexOf('stco'), of.indexOf('stco') + 24);
    expect(table(bytes)).toEqual(table(file));
  });

  test.each([
    ['encrypted sound', movie({ items: [house], inTable: [atom('saio', zeros(12))] })],
    ['an index in front', movie({ items: [house], front: [atom('sidx', zeros(20))] })],
    ['data beside the sound', bytesOf(movie({ items: [house] }), atom('meta', zeros(20)))],
  ])('%s: refused, unless nothing has to move', async (_, file) => {
    await expect(edited(openEditor, file, [longer])).rejects.toMatchObject({ code });
    expect((await edited(openEditor, file, [setTo('genre', 'Trash')])).plan.patches).toHaveLength(1);
  });
});

describe('damage', () => {
  const good = movie({ items: [house, ...others], inMeta: [atom('free', zeros(60))] });

  test.each([
    ['two lists of tracks', bytesOf(good, atom('moov')), 'tags-damaged'],
    ['no list of tracks', bytesOf(ftyp, atom('mdat', sound)), 'tags-damaged'],
    [
      'two lists of tags',
      movie({ items: [house], inUdta: [atom('meta', zeros(4), atom('hdlr', zeros(8), 'mdir', zeros(13)))] }),
      'tags-damaged',
    ],
    ['tags of another kind', movie({ items: [house], handler: 'mdta' }), 'tags-unsupported'],
    ['a compressed list', movie({ items: [house], inMoov: [atom('cmov')] }), 'tags-unsupported'],
    ['a value that is cut off', movie({ items: [atom('©gen', atom('data', 0))] }), 'tags-damaged'],
    ['an item that leaves the list', movie({ items: [bytesOf(u32be(99), '©gen')] }), 'tags-damaged'],
    ['a size of 64 bits that wraps', bytesOf(good, u32be(1), 'free', u64be(3)), 'tags-damaged'],
    ['cut', good.subarray(0, -9), 'tags-damaged'],
  ])('%s: refused', async (_, file, code) => {
    await expect(edited(openEditor, file, [longer])).rejects.toMatchObject({ code });
  });

  test('an item of another name that holds no value is nobody’s business', async () => {
    const odd = [atom('----', noise(20, 3)), atom('©gex', 1)];
    const file = movie({ items: [...odd, house] });
    const { bytes } = await edited(openEditor, file, [setTo('genre', 'Trash')]);
    expect(bytes).toEqual(movie({ items: [...odd, item('©gen', 'Trash')] }));
  });

  test('single wrong bytes anywhere before the sound: refused, or everything else stays', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ at: fc.nat(good.length - sound.length - 1), byte: fc.nat(255) }), {
          maxLength: 3,
        }),
        fc.constantFrom('Trash', 'Dub', 'A genre that takes more room than there is in this file, by far'),
        async (damage, value) => {
          const result = await editedAfterDamage(openEditor, good, damage, [setTo('genre', value)]);
          if (result === null) return;
          expect(await valuesOf(openEditor, result.bytes, 'genre')).toEqual([value]);
          expect(result.bytes.subarray(-sound.length)).toEqual(sound);
          if (damage.length === 0) expect(placesOf(result.bytes)).toEqual(placesOf(good));
        },
      ),
      { numRuns: 500 },
    );
  });
});

const fixtures = (await mp4Files()).filter(({ refused }) => refused === undefined);

test.each(fixtures)(
  '$name: set, the sound is where it is said to be, and undone every byte is back',
  async (file) => {
    const fields = ['genre', 'mood', 'grouping', 'bpm', 'initialKey', 'energy'] as const;
    const original = Buffer.from(file.bytes);
    await fc.assert(
      fc.asyncProperty(someEdits(fields), async (edits) => {
        const { bytes } = await edited(openEditor, file.bytes, edits);
        for (const edit of edits)
          if (edit.kind === 'set') expect(await valuesOf(openEditor, bytes, edit.field)).toEqual(edit.values);
        expect(placesOf(bytes)).toEqual(placesOf(original));
        const undo = await restoring(openEditor, file.bytes, fields);
        const editor = await openEditor(sourceOf(bytes));
        const plan = await editor.plan(undo, plainPolicy, original.length);
        expect((await applied(bytes, plan)).equals(original)).toBe(true);
      }),
      { numRuns: 12 },
    );
  },
);
