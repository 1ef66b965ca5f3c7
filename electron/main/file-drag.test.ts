import type { NativeImage, WebContents } from 'electron';
import { pino } from 'pino';
import { describe, expect, it, vi } from 'vitest';
import type { EngineClient } from '#shared/contract.ts';
import { AppError } from '#shared/errors.ts';
import { createFileDrag } from './file-drag.ts';

const icon = {} as NativeImage;
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function dragOver() {
  const request = vi.fn((_name: string, { trackId }: { readonly trackId: number }) =>
    trackId < 100
      ? Promise.resolve({ path: `/music/${trackId}.flac` })
      : Promise.reject(new AppError('file-not-found', 'It is gone.')),
  );
  const client = { request } as unknown as EngineClient;
  const startDrag = vi.fn();
  const sender = { startDrag, isDestroyed: () => false } as unknown as WebContents;
  return { drag: createFileDrag(() => client, icon, pino({ enabled: false })), sender, startDrag, request };
}

describe('createFileDrag', () => {
  it('hands the files of the tracks to the system, those that are there, and only once', async () => {
    const { drag, sender, startDrag } = dragOver();
    await drag.prepare(sender, [3, 100, 7]);
    drag.start(sender);
    drag.start(sender);
    await settled();
    expect(startDrag.mock.calls).toEqual([
      [{ file: '/music/3.flac', files: ['/music/3.flac', '/music/7.flac'], icon }],
    ]);
  });

  it('starts nothing without a file, nor for a window that asked for none', async () => {
    const { drag, sender, startDrag } = dragOver();
    drag.start(sender);
    await drag.prepare(sender, [100, 101]);
    drag.start(sender);
    await settled();
    expect(startDrag).not.toHaveBeenCalled();
  });

  it.each([
    ['a path', '/etc/passwd'],
    ['paths in a list', ['/etc/passwd']],
    ['no tracks', []],
    ['fractions', [1.5]],
    ['more than other programs take', Array.from({ length: 1001 }, (_, index) => index + 1)],
  ])('refuses %s', async (_name, trackIds) => {
    const { drag, sender, request } = dragOver();
    await expect(drag.prepare(sender, trackIds)).rejects.toMatchObject({ code: 'bad-request' });
    expect(request).not.toHaveBeenCalled();
  });
});
