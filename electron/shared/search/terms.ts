/** The parts of a search that can be shown, and taken away or turned round, one by one. */
import { formatSearch } from './format.ts';
import type { SearchNode, Span } from './grammar.ts';
import { tryParseSearch } from './parse.ts';

/** One of the parts that must all hold. */
export interface SearchTerm {
  /** What it says; of a negated one what must not hold. */
  readonly node: SearchNode;
  readonly negated: boolean;
  /** Canonical text, the dash of a negated one included. */
  readonly text: string;
  /** Where it stands in the text that was parsed. */
  readonly span: Span;
}

/** In the order of the text; none for a text with a mistake. */
export function searchTerms(text: string): readonly SearchTerm[] {
  const { query } = tryParseSearch(text);
  return query === null ? [] : partsOf(query).map(toTerm);
}

/** The same search without one of its terms. */
export function withoutTerm(text: string, index: number): string {
  return replaceTerm(text, index, null);
}

/** The same search with one of its terms turned round: what had to hold must not, and the other way. */
export function withTermNegated(text: string, index: number): string {
  const term = searchTerms(text)[index];
  if (term === undefined) return text;
  const { node, span, negated } = term;
  return replaceTerm(text, index, negated ? node : { kind: 'not', node, span });
}

function partsOf(query: SearchNode): readonly SearchNode[] {
  return query.kind === 'and' ? query.nodes : [query];
}

function toTerm(part: SearchNode): SearchTerm {
  const negated = part.kind === 'not';
  return { node: negated ? part.node : part, negated, text: written(part), span: part.span };
}

/** Either side of “|” needs brackets beside other terms. */
function written(node: SearchNode): string {
  return node.kind === 'or' ? `(${formatSearch(node)})` : formatSearch(node);
}

function replaceTerm(text: string, index: number, by: SearchNode | null): string {
  const parts = partsOf(
    tryParseSearch(text).query ?? { kind: 'and', nodes: [], span: { offset: 0, length: 0 } },
  );
  const part = parts[index];
  if (part === undefined) return text;
  const meant = parts.flatMap((other) => (other !== part ? [other] : by === null ? [] : [by]));
  const wanted = formatSearch({ kind: 'and', nodes: meant, span: part.span });
  // What the user wrote stays as it is, where cutting leaves what is meant; brackets around it may not.
  const [before, after] = [text.slice(0, part.span.offset), text.slice(part.span.offset + part.span.length)];
  const cut =
    by === null ? `${before.trimEnd()} ${after.trimStart()}`.trim() : `${before}${written(by)}${after}`;
  const { query } = tryParseSearch(cut);
  const tidy = !/\(\s|\s\)/u.test(cut);
  return query !== null && tidy && formatSearch(query) === wanted ? cut : wanted;
}
