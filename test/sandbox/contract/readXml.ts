import { XMLParser } from 'fast-xml-parser';

/** An XML element. It has either children or a text. */
export interface XmlElement {
  readonly name: string;
  readonly namespace?: string;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

const PARSER = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  trimValues: false,
});

type Node = Readonly<Record<string, unknown>>;

function elementOf(node: Node): XmlElement | undefined {
  const name = Object.keys(node).find((key) => key !== ':@' && key !== '#text');
  if (name === undefined) return undefined;
  const content = node[name] as readonly Node[];
  const { xmlns } = (node[':@'] ?? {}) as { readonly xmlns?: string };
  return {
    name,
    ...(xmlns === undefined ? {} : { namespace: xmlns }),
    children: content.flatMap((child) => elementOf(child) ?? []),
    text: content.map((child) => (typeof child['#text'] === 'string' ? child['#text'] : '')).join(''),
  };
}

/** The root of an XML document. Undefined when the text is not XML. */
export function readXml(text: string): XmlElement | undefined {
  try {
    const nodes = PARSER.parse(text, true) as readonly Node[];
    return nodes.map(elementOf).find((element) => element !== undefined);
  } catch {
    return undefined;
  }
}

export function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((child) => child.name === name);
}
