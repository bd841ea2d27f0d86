import { LineCounter, parseDocument, visit, type Node } from 'yaml';
import type { Tree } from './Source';
import { tooDeepAt } from './nestingLimit';
import { NESTS_TOO_DEEP, syntaxMistake, type Mistake } from './syntaxMistake';

/** A text's tree, and its first mistake: those after it mostly follow from it. */
export interface ParsedTree {
  readonly tree: Tree;
  readonly mistake?: Mistake;
}

/** Parses a text without its byte order mark. Never throws. */
export function parseTree(text: string): ParsedTree {
  const lines = new LineCounter();
  const positionOf: Tree['positionOf'] = (offset) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const refused = (offset: number): ParsedTree => {
    return { tree: { root: null, anchors: new Map(), positionOf }, mistake: { ...NESTS_TOO_DEEP, offset } };
  };
  const deep = tooDeepAt(text);
  if (deep !== undefined) {
    for (let start = 0; start <= deep; start = text.indexOf('\n', start) + 1 || Infinity) lines.addNewLine(start);
    return refused(deep);
  }
  try {
    const { contents, errors } = parseDocument(text, {
      lineCounter: lines,
      // toPlain looks for duplicates: the parser would compare each key with all before it.
      uniqueKeys: false,
      prettyErrors: false,
      // `silent` would also keep back that there are several documents.
      logLevel: 'error',
    });
    const [mistake] = errors;
    return {
      tree: { root: contents, anchors: anchorsOf(text, contents), positionOf },
      ...(mistake && { mistake: syntaxMistake(mistake, text) }),
    };
  } catch (error) {
    // The parser recurses: what is not refused above may still exhaust a stack that is small already.
    if (!(error instanceof RangeError)) throw error;
    return refused(0);
  }
}

function anchorsOf(text: string, root: Node | null): ReadonlyMap<string, Node> {
  const anchors = new Map<string, Node>();
  if (!text.includes('&')) return anchors;
  visit(root, {
    Value: (_key, node) => {
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
    },
  });
  return anchors;
}
