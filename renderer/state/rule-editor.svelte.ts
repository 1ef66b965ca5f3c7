/** The rules of a smart playlist while they are edited: a tree of groups, what is wrong in it, and what it would hold. */
import type { EngineClient } from '#shared/contract.ts';
import {
  ruleLimits,
  type RuleCondition,
  type RuleGroup,
  type SmartRules,
  type SortKey,
  type Track,
} from '#shared/domain.ts';
import { describeError } from '#shared/error-text.ts';
import { toWire } from '#shared/errors.ts';
import { definitionOf, newCondition, problemOf } from '../lib/rules.ts';

export interface RuleLine {
  readonly kind: 'rule';
  readonly id: number;
  readonly condition: RuleCondition;
}
export interface RuleBlock {
  readonly kind: 'group';
  readonly id: number;
  readonly match: RuleGroup['match'];
  readonly children: readonly RuleNode[];
}
export type RuleNode = RuleLine | RuleBlock;

/** What the rules hold now. */
export interface RulePreview {
  readonly trackCount: number;
  readonly durationSeconds: number;
  readonly rows: readonly Track[];
}

/** Long enough to skip the letters of a word. */
const COUNT_DELAY_MS = 150;
const PREVIEW_ROWS = 6;
/** The order that the list will open in. */
const ownOrder: readonly SortKey[] = [{ field: 'position' }];

export class RuleEditor {
  #root = $state.raw<RuleBlock>({ kind: 'group', id: 0, match: 'all', children: [] });
  #sort = $state.raw<readonly SortKey[]>([]);
  #limit = $state.raw<number | null>(null);
  #preview = $state.raw<RulePreview | null>(null);
  #failure = $state<string | null>(null);
  #counting = $state(false);
  #problems = $derived(problemsOf(this.#root));
  #size = $derived(sizeOf(this.#root));
  #client: EngineClient;
  #nextId = 1;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #question: AbortController | null = null;

  /** `rules`: null for a new list, which begins with one line to fill in. */
  constructor(client: EngineClient, rules: SmartRules | null) {
    this.#client = client;
    if (rules === null) this.#root = this.#block('all', [this.#line(newCondition('genre'))]);
    else {
      this.#root = this.#taken(rules.where);
      this.#sort = rules.sort ?? [];
      this.#limit = rules.limit ?? null;
    }
    this.#ask();
  }

  get root(): RuleBlock {
    return this.#root;
  }
  /** One key after the other; none: the usual order of lists. */
  get sort(): readonly SortKey[] {
    return this.#sort;
  }
  get limit(): number | null {
    return this.#limit;
  }
  /** What is wrong with a line, in words. */
  problem(id: number): string | null {
    return this.#problems.get(id) ?? null;
  }
  get complete(): boolean {
    return this.#problems.size === 0;
  }
  /** Whether another line or group fits the limits of the contract. */
  get canAdd(): boolean {
    return this.#size < ruleLimits.conditions;
  }
  get isEmpty(): boolean {
    return this.#size === 0;
  }
  get preview(): RulePreview | null {
    return this.#preview;
  }
  /** Why nothing could be counted, in words. */
  get failure(): string | null {
    return this.#failure;
  }
  get counting(): boolean {
    return this.#counting;
  }

  /** What is saved: every line. */
  get rules(): SmartRules {
    return this.#rulesOf(this.#root);
  }

  change(id: number, condition: RuleCondition): void {
    this.#update(id, (node) => (node.kind === 'rule' ? { ...node, condition } : node));
  }

  setMatch(id: number, match: RuleGroup['match']): void {
    this.#update(id, (node) => (node.kind === 'group' ? { ...node, match } : node));
  }

  /** A new line at the end of a group, on the same field as the line above it. Returns its id. */
  addRule(groupId: number): number {
    const above = findNode(this.#root, groupId);
    const last =
      above?.kind === 'group' ? above.children.findLast((node) => node.kind === 'rule') : undefined;
    return this.#append(groupId, this.#line(newCondition(last?.condition.field ?? 'genre')));
  }

  /** A new group with one line in it. Returns the id of the line. */
  addGroup(groupId: number): number {
    const line = this.#line(newCondition('genre'));
    this.#append(groupId, this.#block('any', [line]));
    return line.id;
  }

  remove(id: number): void {
    this.#change(without(this.#root, id));
  }

  setSort(sort: readonly SortKey[]): void {
    this.#sort = sort;
    this.#ask();
  }

  setLimit(limit: number | null): void {
    this.#limit = limit === null ? null : Math.min(ruleLimits.tracks, Math.max(1, Math.round(limit)));
    this.#ask();
  }

  /** What may be meant by what is typed so far, most common first; nothing for fields that are numbers or dates. */
  async suggest(field: RuleCondition['field'], typed: string): Promise<readonly string[]> {
    if (definitionOf(field)?.kind !== 'text') return [];
    // As it would stand in the search box: a quote keeps blanks inside the value.
    const text = `${field}:"${typed.replaceAll('"', '')}`;
    try {
      const { suggestions } = await this.#client.request('search.suggest', { text, caret: text.length });
      return suggestions.filter(({ kind }) => kind === 'value').map(({ label }) => label);
    } catch {
      return []; // a hint that could not be had is nothing to tell
    }
  }

  /** Ends questions in hand: the editor is closed. */
  close(): void {
    clearTimeout(this.#timer);
    this.#question?.abort();
  }

  #line(condition: RuleCondition): RuleLine {
    return { kind: 'rule', id: this.#nextId++, condition };
  }
  #block(match: RuleGroup['match'], children: readonly RuleNode[]): RuleBlock {
    return { kind: 'group', id: this.#nextId++, match, children };
  }
  #taken(group: RuleGroup): RuleBlock {
    return this.#block(
      group.match,
      group.rules.map((rule) => ('rules' in rule ? this.#taken(rule) : this.#line(rule))),
    );
  }

  #append(groupId: number, node: RuleNode): number {
    this.#update(groupId, (group) =>
      group.kind === 'group' ? { ...group, children: [...group.children, node] } : group,
    );
    return node.id;
  }

  #update(id: number, change: (node: RuleNode) => RuleNode): void {
    const changed = (node: RuleNode): RuleNode => {
      if (node.id === id) return change(node);
      return node.kind === 'rule' ? node : { ...node, children: node.children.map(changed) };
    };
    this.#change(changed(this.#root) as RuleBlock);
  }

  #change(root: RuleBlock): void {
    this.#root = root;
    this.#ask();
  }

  #rulesOf(root: RuleBlock): SmartRules {
    return {
      where: groupOf(root),
      ...(this.#sort.length === 0 ? {} : { sort: this.#sort }),
      ...(this.#limit === null ? {} : { limit: this.#limit }),
    };
  }

  /** Counts soon. Lines that are not filled in yet are left out. */
  #ask(): void {
    clearTimeout(this.#timer);
    this.#question?.abort();
    this.#counting = true;
    this.#timer = setTimeout(() => void this.#count(), COUNT_DELAY_MS);
  }

  async #count(): Promise<void> {
    const question = new AbortController();
    this.#question = question;
    const { signal } = question;
    const rules = this.#rulesOf([...this.#problems.keys()].reduce(without, this.#root));
    const sort = [...ownOrder];
    try {
      const [counted, { rows }] = await Promise.all([
        this.#client.request('smart.count', { rules }, { signal }),
        this.#client.request(
          'tracks.window',
          { query: { rules }, sort, offset: 0, limit: PREVIEW_ROWS },
          { signal },
        ),
      ]);
      if (signal.aborted) return;
      this.#preview = { ...counted, rows };
      this.#failure = null;
    } catch (error) {
      if (signal.aborted) return;
      this.#failure = describeError(toWire(error));
    }
    this.#counting = false;
  }
}

/** How deep groups stand inside each other below this one; 1 for a group of lines. */
export function depthOf(group: RuleBlock): number {
  return 1 + Math.max(0, ...group.children.map((node) => (node.kind === 'group' ? depthOf(node) : 0)));
}

function findNode(node: RuleNode, id: number): RuleNode | undefined {
  if (node.id === id) return node;
  if (node.kind === 'rule') return undefined;
  for (const child of node.children) {
    const found = findNode(child, id);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The tree without one node; a group that this leaves empty goes, too. The root stays. */
function without(group: RuleBlock, id: number): RuleBlock {
  const children = group.children.flatMap((node): readonly RuleNode[] => {
    if (node.id === id) return [];
    if (node.kind === 'rule') return [node];
    const inner = without(node, id);
    return inner.children.length === 0 ? [] : [inner];
  });
  return { ...group, children };
}

function problemsOf(node: RuleNode): ReadonlyMap<number, string> {
  if (node.kind === 'group') return new Map(node.children.flatMap((child) => [...problemsOf(child)]));
  const problem = problemOf(node.condition);
  return new Map(problem === null ? [] : [[node.id, problem]]);
}

/** Lines and groups below this group, as the contract counts them. */
function sizeOf(group: RuleBlock): number {
  return group.children.reduce((sum, node) => sum + 1 + (node.kind === 'group' ? sizeOf(node) : 0), 0);
}

function groupOf({ match, children }: RuleBlock): RuleGroup {
  return { match, rules: children.map((node) => (node.kind === 'group' ? groupOf(node) : node.condition)) };
}
