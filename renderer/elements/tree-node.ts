/** What the left tree shows in one line, and where things can be dropped on it. */
import type { Component } from 'svelte';
import type { DragPayload } from '../lib/pointer-drag.svelte.ts';

export interface TreeNode {
  readonly id: string;
  readonly name: string;
  /** From 1. */
  readonly level: number;
  readonly icon?: Component<{ size?: number | string }>;
  /** Shown flush right, and part of the name that is read out. */
  readonly note?: string;
  readonly title?: string;
  /** Null where there is nothing to open. */
  readonly expanded: boolean | null;
  readonly quiet?: boolean;
}

/** Into the node, or between it and its siblings. */
export type DropPlace = 'before' | 'inside' | 'after';

export interface TreeDrop {
  /** What is dragged when this node is; null: it stays. */
  readonly payloadOf: (id: string) => DragPayload | null;
  /** Where this can be dropped on the node; nowhere: an empty list. */
  readonly placesFor: (id: string, payload: DragPayload) => readonly DropPlace[];
  readonly drop: (id: string, place: DropPlace, payload: DragPayload) => void;
}

/** The place that the pointer means, `share` of the node's height below its top. */
export function meantPlace(share: number, places: readonly DropPlace[]): DropPlace | null {
  const wanted: readonly DropPlace[] =
    places.includes('inside') && places.length > 1
      ? share < 0.28
        ? ['before', 'inside']
        : share > 0.72
          ? ['after', 'inside']
          : ['inside']
      : share < 0.5
        ? ['before', 'inside', 'after']
        : ['after', 'inside', 'before'];
  return wanted.find((place) => places.includes(place)) ?? null;
}

/** Where typing leads: the next node, from `from` on and around the end, whose name begins so; -1: none does. */
export function typedNode(names: readonly string[], from: number, typed: string): number {
  const wanted = typed.toLocaleLowerCase();
  for (let passed = 0; passed < names.length; passed += 1) {
    const index = (from + passed) % names.length;
    if (names[index]?.toLocaleLowerCase().startsWith(wanted) === true) return index;
  }
  return -1;
}
