/** What a menu of the left tree offers. */
import type { Component } from 'svelte';

export type MenuIcon = Component<{ size?: number | string }>;

export interface NodeItem {
  readonly label: string;
  readonly icon?: MenuIcon;
  /** A line above it. */
  readonly line?: boolean;
  /** It writes into the tree, and wants the focus there. */
  readonly inPlace?: boolean;
  readonly run: () => void;
}
