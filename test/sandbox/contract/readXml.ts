/** An XML element. It has either children or a text. */
export interface XmlElement {
  readonly name: string;
  readonly namespace?: string;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

interface OpenElement {
  readonly name: string;
  readonly namespace?: string;
  readonly children: XmlElement[];
  text: string;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", '#xD': '\r' };

/** Undefined when an entity is unknown. */
function unescape(text: string): string | undefined {
  if (/&(?!(amp|lt|gt|quot|apos|#xD);)/.test(text)) return undefined;
  return text.replace(/&([^;]+);/g, (_match, name: string) => ENTITIES[name] ?? '');
}

/** A start tag, an end tag or a text. Attributes other than xmlns do not occur in the Query protocol. */
const TOKEN = /<(\w+)(?: xmlns="([^"<]*)")?>|<\/(\w+)>|([^<]+)/gy;

/** The root of a document of the Query protocol. Undefined when the text is not well-formed. */
export function readXml(text: string): XmlElement | undefined {
  const open: OpenElement[] = [{ name: '', children: [], text: '' }];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    const [whole, start, namespace, finish, content] = match;
    end = match.index + whole.length;
    const current = open.at(-1);
    if (current === undefined) return undefined;
    if (start !== undefined) {
      const element = { name: start, ...(namespace === undefined ? {} : { namespace }), children: [], text: '' };
      current.children.push(element);
      open.push(element);
    } else if (finish !== undefined) {
      if (open.length === 1 || current.name !== finish) return undefined;
      open.pop();
    } else {
      const decoded = unescape(content ?? '');
      if (decoded === undefined) return undefined;
      current.text += decoded;
    }
  }
  const [document] = open;
  const complete = end === text.length && open.length === 1 && document?.children.length === 1;
  return complete ? document.children[0] : undefined;
}

export function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((child) => child.name === name);
}
