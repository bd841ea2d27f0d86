import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { parseTree } from '../../../inventory/source/parseTree';
import { readPlainYaml } from '../../../inventory/source/readPlainYaml';
import { toPlain } from '../../../inventory/source/toPlain';
import { BASE } from '../marked';

const design = readFileSync('test/inventory/fixtures/design.yaml', 'utf8');

/** Usual ways to write YAML, in one text. */
const USUAL = `# a comment
list:
- a: 1
  b: [x, "y z", 'q']   # another
- c:
    d: {e: f, "g": {h: [i, j]}}
-   k: l
    m: n
"quoted key": "v # no comment"
'single': it's fine
url: https://x.y/z:8080/a#b
arn: arn:aws:s3:::x/*
a:b: c
empty: {}
none: []
deep:
    - x
    - [a, [b]]
    - {a: 1, b: true}
number: 12
text: 1.2.3
time: 2026-01-01T00:00:00Z
`;

/** What the parser gives; undefined when it or toPlain has something to say against the text. */
function parsed(text: string): unknown {
  const { tree, mistake } = parseTree(text);
  const { data, problems } = toPlain(tree.root);
  return mistake || problems.length > 0 ? undefined : data;
}

const BITS = [
  ...[' ', '  ', '\n', '\n  ', '\n      ', ':', ': ', '- ', '-', '#', ' #', '"', "'", '[', ']', '{', '}', ',', ', '],
  ...['&a ', '*a', '!x ', '|', '>', '? ', '~', 'null', 'true', '1', '0x1', '1.5', '.', '\\', '%', '@', '`', '<<: '],
  ...['a', '\t', '\r', '---\n', '...\n', 'é', '$', '_', '=', '+', '\u0085', '\u00a0', '🙂'],
];

describe('readPlainYaml', () => {
  it.each([
    ['the usual', USUAL],
    ["the design page's inventory", design],
    ['the base of the rule cases', BASE],
  ])('reads %s as the parser does', (_what, text) => {
    expect(readPlainYaml(text)).toBeDefined();
    expect(readPlainYaml(text)).toEqual(parsed(text));
  });

  it.each([
    ['a tab', 'a:\tb\n'],
    ['Windows line ends', 'a: b\r\n'],
    ['an anchor', 'a: &x b\n'],
    ['an alias', 'a: *x\n'],
    ['a tag', 'a: !x b\n'],
    ['a merge key', 'a: { "<<": { b: c } }\n'],
    ['a reserved key', '__proto__: { a: b }\n'],
    ['a duplicate key', 'a: b\na: c\n'],
    ['a block text', 'a: |\n  b\n'],
    ['a text over two lines', 'a: b\n  c\n'],
    ['a flow map over two lines', 'a: { b: c,\n  d: e }\n'],
    ['an escape', 'a: "\\n"\n'],
    ['a doubled quote', "a: 'it''s'\n"],
    ['a number with a dot', 'a: 1.30\n'],
    ['a number with zeros before it', 'a: 007\n'],
    ['null', 'a: null\n'],
    ['nothing behind a key', 'a:\n'],
    ['a key that is a number', '5: a\n'],
    ['a second document', 'a: b\n---\nc: d\n'],
    ['a list', '- a\n'],
    ['a flow map at the top', '{ a: b }\n'],
    ['nothing', ''],
    ['a comma too many', 'a: [b, ]\n'],
    ['two colons', 'a: b: c\n'],
  ])('leaves %s to the parser', (_what, text) => {
    expect(readPlainYaml(text)).toBeUndefined();
  });

  it('reads whatever it reads as the parser does', () => {
    const cut = fc.record({ at: fc.nat(), remove: fc.nat(3), insert: fc.constantFrom('', ...BITS) });
    const piece = fc.record({
      from: fc.nat(),
      lines: fc.integer({ min: 1, max: 15 }),
      cuts: fc.array(cut, { maxLength: 4 }),
    });
    const lines = `${USUAL}${design}`.split('\n');
    let read = 0;
    fc.assert(
      fc.property(piece, ({ from, lines: count, cuts }) => {
        const start = from % lines.length;
        const taken = lines.slice(start, start + count);
        const margin = Math.min(...taken.map((line) => Math.max(line.search(/\S/), 0)));
        const text = cuts.reduce(
          (before, { at, remove, insert }) => {
            const index = at % (before.length + 1);
            return before.slice(0, index) + insert + before.slice(index + remove);
          },
          taken.map((line) => line.slice(margin)).join('\n'),
        );
        const plain = readPlainYaml(text);
        if (plain === undefined) return;
        read += 1;
        expect(plain).toEqual(parsed(text));
      }),
      { numRuns: 3000 },
    );
    expect(read).toBeGreaterThan(300);
  });
});
