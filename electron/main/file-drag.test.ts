import type { NativeImage, WebContents } from 'electron';
import { describe, expect, it, vi } from 'vitest';
import type { EngineClient } from '#shared/contract.ts';
import { AppError } from '#shared/errors.ts';
import { silentLog, type Logger } from '#shared/log.ts';
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
  const warn = vi.fn();
  const log = { ...silentLog, warn } as Logger;
  return { drag: createFileDrag(() => client, icon, log), sender, startDrag, request, warn };
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

  it('writes down what the system refuses, and goes on', async () => {
    const { drag, sender, startDrag, warn } = dragOver();
    startDrag.mockImplementationOnce(() => {
      throw new Error('There is no display.');
    });
    for (let time = 0; time < 2; time += 1) {
      await drag.prepare(sender, [3]);
      drag.start(sender);
      await settled();
    }
    expect([startDrag.mock.calls.length, warn.mock.calls.length]).toEqual([2, 1]);
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
