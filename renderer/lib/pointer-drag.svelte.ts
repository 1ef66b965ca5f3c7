/**
 * Dragging by pointer events: rows onto playlists, playlists into folders. The system's own drag and drop is left
 * for what crosses the window's edge, because it cannot be handed over once it has begun.
 */
import type { Attachment } from 'svelte/attachments';

export interface DragPayload {
  readonly kind: 'tracks' | 'list';
  /** What the pointer carries, in words. */
  readonly label: string;
  /** How many tracks; 1 for a list. */
  readonly count: number;
  /** Of the list. */
  readonly id?: number;
  /** The list it was taken from: dropped there, rows change places. */
  readonly from?: object;
  /** The drag has begun: what needs time can be got ready. */
  readonly begin?: () => void;
  /** The pointer left the window with the button down. True: another program may take it from here. */
  readonly leave?: () => boolean;
}

export interface DropTarget {
  readonly accepts: (payload: DragPayload) => boolean;
  /** The pointer is over it, at these coordinates of the window. */
  readonly over: (event: PointerEvent, payload: DragPayload) => void;
  readonly leave: () => void;
  readonly drop: (payload: DragPayload, event: PointerEvent) => void;
}

/** Pixels a pressed pointer moves before it drags: below, it is a click by an unsteady hand. */
const THRESHOLD = 5;
/** Within so many pixels of its edge a list scrolls, by so many pixels a frame. */
const SCROLL_EDGE = 28;
const SCROLL_STEP = 9;

export class PointerDrag {
  #payload = $state.raw<DragPayload | null>(null);
  #point = $state.raw({ x: 0, y: 0 });
  #accepted = $state(false);
  #targets = new WeakMap<Element, DropTarget>();
  #over: DropTarget | null = null;
  #end: (() => void) | null = null;
  #handedOver = false;

  /** What is being dragged. */
  get payload(): DragPayload | null {
    return this.#payload;
  }
  /** Where the pointer is, in pixels of the window. */
  get point(): { readonly x: number; readonly y: number } {
    return this.#point;
  }
  /** Whether it can be dropped where it is. */
  get accepted(): boolean {
    return this.#accepted;
  }

  /** The system drags our own rows now: if they come back as files, they are nothing new. */
  get handedOver(): boolean {
    return this.#handedOver;
  }

  /** Makes an element a place to drop on. */
  target(target: DropTarget): Attachment<HTMLElement> {
    return (element) => {
      this.#targets.set(element, target);
      return () => {
        this.#targets.delete(element);
        if (this.#over === target) this.#over = null;
      };
    };
  }

  /**
   * The pointer went down on something that can be dragged. `payloadOf` is asked when it has moved far enough;
   * null: nothing is dragged after all.
   */
  press(event: PointerEvent, payloadOf: () => DragPayload | null): void {
    if (event.button !== 0 || event.pointerType === 'touch') return;
    this.#end?.();
    const { currentTarget, pointerId, clientX, clientY } = event;
    if (!(currentTarget instanceof HTMLElement)) return;
    const ended = new AbortController();
    const { signal } = ended;
    let frame = 0;
    this.#end = () => {
      ended.abort();
      cancelAnimationFrame(frame);
      this.#end = null;
      this.#setOver(null);
      this.#payload = null;
      if (currentTarget.hasPointerCapture(pointerId)) currentTarget.releasePointerCapture(pointerId);
    };
    let last = event;
    const scroll = (): void => {
      scrollNearEdge(last);
      this.#follow(last);
      frame = requestAnimationFrame(scroll);
    };
    const move = (moved: PointerEvent): void => {
      if (moved.pointerId !== pointerId) return;
      last = moved;
      if (this.#payload === null) {
        if (Math.hypot(moved.clientX - clientX, moved.clientY - clientY) < THRESHOLD) return;
        const payload = payloadOf();
        if (payload === null) return this.#end?.();
        this.#payload = payload;
        // From now on the pointer is followed beyond the window's edge too.
        currentTarget.setPointerCapture(pointerId);
        payload.begin?.();
        frame = requestAnimationFrame(scroll);
      }
      if (isOutside(moved) && this.#payload.leave?.() === true) {
        this.#handOver();
        return this.#end?.();
      }
      this.#follow(moved);
    };
    const up = (lifted: PointerEvent): void => {
      if (lifted.pointerId !== pointerId) return;
      this.#follow(lifted);
      const [payload, target] = [this.#payload, this.#over];
      try {
        // Before the end: what is left forgets where the pointer was.
        if (payload !== null) target?.drop(payload, lifted);
      } finally {
        this.#end?.();
      }
    };
    const key = (pressed: KeyboardEvent): void => {
      if (pressed.key !== 'Escape' || this.#payload === null) return;
      pressed.preventDefault();
      pressed.stopPropagation();
      this.#end?.();
    };
    const cancel = (): void => this.#end?.();
    window.addEventListener('pointermove', move, { signal });
    window.addEventListener('pointerup', up, { signal });
    window.addEventListener('pointercancel', cancel, { signal });
    window.addEventListener('blur', cancel, { signal });
    window.addEventListener('keydown', key, { signal, capture: true });
  }

  #handOver(): void {
    this.#handedOver = true;
    // The page hears of the pointer again when the system's drag is over and no button is down.
    const heard = (event: PointerEvent): void => {
      if (event.buttons !== 0) return;
      this.#handedOver = false;
      window.removeEventListener('pointermove', heard);
    };
    window.addEventListener('pointermove', heard);
  }

  #follow(event: PointerEvent): void {
    const payload = this.#payload;
    if (payload === null) return;
    this.#point = { x: event.clientX, y: event.clientY };
    let element = document.elementFromPoint(event.clientX, event.clientY);
    let found: DropTarget | null = null;
    while (element !== null && found === null) {
      const target = this.#targets.get(element);
      if (target?.accepts(payload) === true) found = target;
      element = element.parentElement;
    }
    this.#setOver(found);
    found?.over(event, payload);
  }

  #setOver(target: DropTarget | null): void {
    if (this.#over !== target) this.#over?.leave();
    this.#over = target;
    this.#accepted = target !== null;
  }
}

function isOutside({ clientX, clientY }: PointerEvent): boolean {
  return clientX < 0 || clientY < 0 || clientX >= window.innerWidth || clientY >= window.innerHeight;
}

/** Scrolls the list under the pointer when it is near the upper or lower edge. */
function scrollNearEdge({ clientX, clientY }: PointerEvent): void {
  let element = document.elementFromPoint(clientX, clientY);
  while (element !== null) {
    const scrolls = element.scrollHeight > element.clientHeight + 1;
    if (scrolls && /auto|scroll/u.test(getComputedStyle(element).overflowY)) {
      const { top, bottom } = element.getBoundingClientRect();
      if (clientY < top + SCROLL_EDGE) element.scrollTop -= SCROLL_STEP;
      else if (clientY > bottom - SCROLL_EDGE) element.scrollTop += SCROLL_STEP;
      return;
    }
    element = element.parentElement;
  }
}
