import fc from 'fast-check';
import { replaceNames } from '../../../src/inventory/resolve/replacer';

const VALUES: Readonly<Record<string, string>> = {
  bucket: 'acme',
  'accounts.data': '222222222222',
  braces: '{bucket}',
  my_value: 'v',
};
const lookUp = (name: string): string | undefined => VALUES[name];

describe('replaceNames', () => {
  it.each([
    ['{bucket}', 'acme'],
    ['arn:aws:s3:::{bucket}/{bucket}', 'arn:aws:s3:::acme/acme'],
    ['{accounts.data}', '222222222222'],
    ['{my_value}', 'v'],
    ['{braces}', '{bucket}'],
    ['{{bucket}}', '{{bucket}}'],
    ['${bucket}', '${bucket}'],
    ['%{bucket}', '%{bucket}'],
    ['${aws:PrincipalTag/{bucket}}{bucket}', '${aws:PrincipalTag/{bucket}}acme'],
    ['${unclosed {bucket}', '${unclosed {bucket}'],
    ['$ {bucket}', '$ acme'],
    ['$${bucket}', '$${bucket}'],
    ['{}', '{}'],
    ['{a,b}', '{a,b}'],
    ['{ bucket }', '{ bucket }'],
    ['{bucket', '{bucket'],
    ['bucket}', 'bucket}'],
    ['', ''],
  ])('makes %j into %j', (text, expected) => {
    expect(replaceNames(text, lookUp)).toEqual({ text: expected, unknown: [] });
  });

  it('names what it does not know and leaves it', () => {
    expect(replaceNames('{nope}/{bucket}/{accounts.x}', lookUp)).toEqual({
      text: '{nope}/acme/{accounts.x}',
      unknown: ['nope', 'accounts.x'],
    });
  });

  it('never touches what belongs to IAM or Terraform', () => {
    const inner = fc.stringMatching(/^[a-z:/{}]*$/).filter((text) => balanced(text));
    fc.assert(
      fc.property(fc.constantFrom('$', '%'), inner, (sign, text) => {
        const variable = `${sign}{${text}}`;
        expect(replaceNames(`x${variable}y{bucket}`, lookUp).text).toBe(`x${variable}yacme`);
      }),
    );
  });

  it('leaves a text without braces alone, and does nothing twice', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const plain = text.replace(/\{/g, '');
        expect(replaceNames(plain, lookUp).text).toBe(plain);
      }),
    );
  });
});

function balanced(text: string): boolean {
  let depth = 0;
  for (const character of text.split('')) {
    if (character === '{') depth += 1;
    if (character === '}') depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0;
}
