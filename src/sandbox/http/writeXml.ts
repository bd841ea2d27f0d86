const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
};

/** What XML 1.0 cannot carry in any form: control characters but tab and line ends, and halves of surrogate pairs. */
const FORBIDDEN = /(?![\t\n\r])[\p{Cc}\p{Cs}\ufffe\uffff]/gu;

function escapeXml(text: string): string {
  return text.replace(FORBIDDEN, '\ufffd').replace(/[&<>"\r]/g, (char) => ESCAPES[char] ?? char);
}

function content(value: unknown): string {
  if (value instanceof Date) return value.toISOString().replace(/\.\d{3}Z$/, 'Z');
  if (Array.isArray(value)) return value.map((item) => writeElement('member', item)).join('');
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .map(([name, child]) => writeElement(name, child))
      .join('');
  }
  return escapeXml(String(value));
}

/**
 * A value as an XML element, the way the Query protocol writes it: lists as `member` elements, times in ISO 8601 without
 * fractions, what is undefined not at all.
 * Source: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html (response serialization)
 */
export function writeElement(name: string, value: unknown, namespace?: string): string {
  if (value === undefined) return '';
  const attribute = namespace === undefined ? '' : ` xmlns="${escapeXml(namespace)}"`;
  return `<${name}${attribute}>${content(value)}</${name}>`;
}
