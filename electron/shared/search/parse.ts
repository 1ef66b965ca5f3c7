/** From the text of a search to its meaning. */
import type { FieldNode, SearchNode, Span } from './grammar.ts';
import { QueryError } from './grammar.ts';
import { rawValueOf, tokenize } from './tokens.ts';
import type { FieldToken, Token } from './tokens.ts';
import { parseValue } from './values.ts';

/** More than anybody types; keeps the SQL of the hardest query small. */
const MOST_TERMS = 100;
const DEEPEST_NESTING = 30;

/** An 'and' of nothing matches everything. @throws QueryError */
export function parseSearch(text: string): SearchNode {
  const parser = new Parser(text, tokenize(text));
  return parser.query();
}

/** The same without throwing, for a box that is being typed into. */
export function tryParseSearch(
  text: string,
):
  | { readonly query: SearchNode; readonly error: null }
  | { readonly query: null; readonly error: QueryError } {
  try {
    return { query: parseSearch(text), error: null };
  } catch (error) {
    if (error instanceof QueryError) return { query: null, error };
    throw error;
  }
}

class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #next = 0;
  #terms = 0;
  #depth = 0;

  constructor(text: string, tokens: readonly Token[]) {
    this.#text = text;
    this.#tokens = tokens;
  }

  query(): SearchNode {
    const node = this.#or();
    const left = this.#peek();
    if (left !== undefined) {
      throw new QueryError(
        'No bracket is open here; remove it, or put it in quotes to search for it',
        left.span,
      );
    }
    return node;
  }

  #or(): SearchNode {
    const nodes = [this.#and()];
    let sign = this.#peek();
    while (sign?.kind === 'or') {
      this.#next += 1;
      const right = this.#and();
      if (isEmpty(nodes.at(-1)) || isEmpty(right)) {
        throw new QueryError(
          'Write a search term on both sides of “|”, for example house | techno',
          sign.span,
        );
      }
      nodes.push(right);
      sign = this.#peek();
    }
    return join('or', nodes);
  }

  #and(): SearchNode {
    const nodes: SearchNode[] = [];
    for (let token = this.#peek(); token !== undefined && token.kind !== 'or' && token.kind !== 'close';) {
      nodes.push(this.#unary(token));
      token = this.#peek();
    }
    return nodes.length === 0 ? { kind: 'and', nodes, span: this.#here() } : join('and', nodes);
  }

  #unary(token: Token): SearchNode {
    this.#next += 1;
    if (token.kind === 'not') return this.#not(token.span);
    if (token.kind === 'open') return this.#group(token.span);
    this.#count(token.span);
    if (token.kind === 'text') return token;
    return this.#field(token as FieldToken);
  }

  #not(span: Span): SearchNode {
    const token = this.#peek();
    if (token === undefined || token.kind === 'or' || token.kind === 'close' || token.kind === 'not') {
      throw new QueryError('Write what to leave out right after “-”, for example -genre:country', span);
    }
    const node = this.#unary(token);
    return { kind: 'not', node, span: around(span, node.span) };
  }

  #group(open: Span): SearchNode {
    this.#depth += 1;
    if (this.#depth > DEEPEST_NESTING) throw new QueryError('The brackets are nested too deeply', open);
    const node = this.#or();
    const close = this.#peek();
    if (close?.kind !== 'close') {
      throw new QueryError(
        'This bracket is never closed; add “)”, or put the text in quotes to search for the bracket',
        open,
      );
    }
    if (isEmpty(node)) {
      throw new QueryError(
        'There is nothing between these brackets; write a search term',
        around(open, close.span),
      );
    }
    this.#depth -= 1;
    this.#next += 1;
    return { ...node, span: around(open, close.span) };
  }

  #field(token: FieldToken): SearchNode {
    const nodes: SearchNode[] = [fieldNode(token, token.span)];
    // "genre:house|techno": another value of the same field, when nothing stands around the sign.
    for (;;) {
      const sign = this.#peek();
      const value = this.#tokens[this.#next + 1];
      const previous = nodes.at(-1) as SearchNode;
      if (sign?.kind !== 'or' || value?.kind !== 'text') break;
      if (sign.span.offset !== end(previous.span) || value.span.offset !== end(sign.span)) break;
      this.#count(value.span);
      const raw = rawValueOf(value.text, value.phrase, value.span);
      nodes.push(fieldNode({ ...token, value: raw }, value.span));
      this.#next += 2;
    }
    return join('or', nodes);
  }

  #count(span: Span): void {
    this.#terms += 1;
    if (this.#terms > MOST_TERMS) {
      throw new QueryError(`This search has more than ${MOST_TERMS} terms; shorten it`, span);
    }
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#next];
  }

  #here(): Span {
    return { offset: this.#peek()?.span.offset ?? this.#text.length, length: 0 };
  }
}

function fieldNode(token: FieldToken, span: Span): FieldNode {
  const { field, near } = token;
  const value = parseValue(field, token.value);
  if (near && value.kind === 'number' && (value.minimum?.value !== value.maximum?.value || value.exact)) {
    throw new QueryError(
      `“~${field.name}:” takes one value, for example ~${field.name}:128`,
      token.value.span,
    );
  }
  return { kind: 'field', field: field.name, near, value, span };
}

function join(kind: 'and' | 'or', nodes: readonly SearchNode[]): SearchNode {
  const [first] = nodes;
  const last = nodes.at(-1);
  if (first === undefined || last === undefined || nodes.length === 1) return first as SearchNode;
  return {
    kind,
    nodes: nodes.flatMap((node) => (node.kind === kind ? node.nodes : [node])),
    span: around(first.span, last.span),
  };
}

function isEmpty(node: SearchNode | undefined): boolean {
  return node?.kind === 'and' && node.nodes.length === 0;
}

function around(first: Span, last: Span): Span {
  return { offset: first.offset, length: end(last) - first.offset };
}

function end(span: Span): number {
  return span.offset + span.length;
}
