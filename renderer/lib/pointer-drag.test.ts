import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PointerDrag, type DragPayload, type DropTarget } from './pointer-drag.svelte.ts';

const tracks: DragPayload = { kind: 'tracks', label: '3 tracks', count: 3 };
let source: HTMLElement;
let place: HTMLElement;
/** What lies under the pointer. */
let under: Element | null;

beforeEach(() => {
  document.body.innerHTML = '<div id="source"></div><div id="place"><span id="inner"></span></div>';
  source = document.querySelector<HTMLElement>('#source') ?? document.body;
  place = document.querySelector<HTMLElement>('#place') ?? document.body;
  under = null;
  document.elementFromPoint = () => under;
  source.setPointerCapture = vi.fn();
  source.hasPointerCapture = () => true;
  source.releasePointerCapture = vi.fn();
});
afterEach(() => void vi.restoreAllMocks());

const pointer = (type: string, x: number, y: number, init: PointerEventInit = {}): PointerEvent =>
  new PointerEvent(type, {
    clientX: x,
    clientY: y,
    pointerId: 1,
    pointerType: 'mouse',
    bubbles: true,
    ...init,
  });
const move = (x: number, y: number, init?: PointerEventInit): boolean =>
  window.dispatchEvent(pointer('pointermove', x, y, { buttons: 1, ...init }));

function pressed(payloadOf: () => DragPayload | null = () => tracks, init: PointerEventInit = {}) {
  const drag = new PointerDrag();
  const target = {
    accepts: (): boolean => true,
    over: vi.fn(),
    leave: vi.fn(),
    drop: vi.fn(),
  } satisfies DropTarget;
  const unmount = drag.target(target)(place);
  const press = (event: PointerEvent): void => drag.press(event, payloadOf);
  source.addEventListener('pointerdown', press, { once: true });
  source.dispatchEvent(pointer('pointerdown', 50, 50, init));
  return { drag, target, unmount };
}

describe('PointerDrag', () => {
  it('drops on what is under the pointer, its parents too', () => {
    const { drag, target } = pressed();
    under = document.querySelector('#inner');
    move(60, 60);
    expect([drag.payload, drag.accepted, drag.point]).toEqual([tracks, true, { x: 60, y: 60 }]);
    window.dispatchEvent(pointer('pointerup', 61, 62));
    expect(target.drop.mock.calls[0]?.[0]).toBe(tracks);
    // A target that is left forgets where the pointer was: it has to know when something is dropped.
    const [dropped, left] = [target.drop, target.leave].map((told) => told.mock.invocationCallOrder[0] ?? 0);
    expect(dropped).toBeLessThan(left ?? 0);
    expect(drag.payload).toBeNull();
  });

  it('takes an unsteady hand for a click', () => {
    const { drag, target } = pressed();
    under = place;
    move(53, 52);
    expect(drag.payload).toBeNull();
    window.dispatchEvent(pointer('pointerup', 53, 52));
    move(90, 90);
    expect([drag.payload, target.drop.mock.calls.length]).toEqual([null, 0]);
  });

  it('drops nothing where it is not wanted, after Escape, or when the window loses the pointer', () => {
    for (const end of [
      () => window.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' })),
      () => window.dispatchEvent(new Event('blur')),
      () => window.dispatchEvent(pointer('pointercancel', 60, 60)),
    ]) {
      const { drag, target } = pressed();
      under = place;
      move(60, 60);
      end();
      window.dispatchEvent(pointer('pointerup', 60, 60));
      expect([drag.payload, target.drop.mock.calls.length, target.leave.mock.calls.length]).toEqual([
        null,
        0,
        1,
      ]);
    }
    const { drag, target } = pressed();
    target.accepts = () => false;
    under = place;
    move(60, 60);
    expect(drag.accepted).toBe(false);
    window.dispatchEvent(pointer('pointerup', 60, 60));
    expect(target.drop).not.toHaveBeenCalled();
  });

  it('leaves a target that is gone, and drags nothing with another button or without a payload', () => {
    const { drag, target, unmount } = pressed();
    if (typeof unmount === 'function') unmount();
    under = place;
    move(60, 60);
    expect([drag.accepted, target.over.mock.calls.length]).toEqual([false, 0]);
    window.dispatchEvent(pointer('pointerup', 60, 60));
    const right = pressed(() => tracks, { button: 2 });
    move(80, 80);
    expect(right.drag.payload).toBeNull();
    const nothing = pressed(() => null);
    move(80, 80);
    expect(nothing.drag.payload).toBeNull();
  });

  it('hands rows over to the system at the edge of the window, and knows them when they come back', () => {
    const leave = vi.fn(() => true);
    const begin = vi.fn();
    const { drag, target } = pressed(() => ({ ...tracks, begin, leave }));
    move(60, 60);
    expect([begin.mock.calls.length, leave.mock.calls.length]).toEqual([1, 0]);
    move(-3, 60);
    expect([leave.mock.calls.length, drag.payload, drag.handedOver]).toEqual([1, null, true]);
    move(60, 60);
    expect(drag.handedOver).toBe(true);
    under = place;
    move(70, 70, { buttons: 0 });
    expect([drag.handedOver, target.drop.mock.calls.length]).toEqual([false, 0]);
  });
});
