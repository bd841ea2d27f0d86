import { readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020';
import fc from 'fast-check';
import type { Estate } from '../../src/estate/Estate';
import { estateText, parseEstate } from '../../src/estate/estateFile';
import { answerOf } from '../../src/estate/questions';
import { estateJsonSchema } from '../../src/estate/schema/estateSchema';
import { anyEstate } from './anyEstate';

const AT = '2026-11-21T12:00:00.000Z';
const EMPTY: Estate = { format: 'podlift.estate/1', at: AT, accounts: {}, clusters: {} };
const ACCOUNT = '333333333333';
const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(JSON.parse(estateJsonSchema()));

function parsed(json: unknown): Estate {
  const result = parseEstate(JSON.stringify(json), 'estate.json');
  if ('problems' in result) throw new Error(result.problems.join('\n'));
  return result.estate;
}

function problems(text: string): readonly string[] {
  const result = parseEstate(text, 'estate.json');
  return 'problems' in result ? result.problems : [];
}

/** The times of all parts: the objects below the maps with `value` or `message`. */
function timesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Object.hasOwn(value, 'at') && (Object.hasOwn(value, 'value') || Object.hasOwn(value, 'message')))
    return [(value as { at: string }).at];
  return Object.values(value).flatMap(timesIn);
}

describe('an Estate as a file', () => {
  it('is read as it was written, whatever is in it', () => {
    fc.assert(
      fc.property(anyEstate(), (estate) => {
        const text = estateText(estate);
        const read = parsed(JSON.parse(text));
        const newest = [...timesIn(estate.accounts), ...timesIn(estate.clusters)].sort().at(-1);
        expect(read).toEqual(JSON.parse(JSON.stringify({ ...estate, at: newest ?? estate.at })));
        expect(estateText(read)).toBe(estateText({ ...estate, at: newest ?? estate.at }));
        expect(validate(JSON.parse(text)) ? [] : validate.errors).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('has a JSON Schema that is fresh (npm run schema writes it)', () => {
    expect(readFileSync('src/estate/estate.schema.json', 'utf8')).toBe(estateJsonSchema());
  });

  it('keeps what a later version of the format adds', () => {
    const later = {
      ...EMPTY,
      regions: { 'us-west-2': { at: AT, value: 1 } },
      accounts: { [ACCOUNT]: { buckets: { acme: { at: AT, value: { versioned: true } } } } },
    };
    expect(JSON.parse(estateText(parsed(later)))).toEqual(later);
  });

  it('takes the newest time of its parts as its own', () => {
    const part = (at: string) => ({ at, denied: true, message: 'no' });
    const roles = { a: part('2026-11-21T12:00:05Z'), b: part('2026-11-21T12:00:09Z') };
    expect(parsed({ ...EMPTY, accounts: { [ACCOUNT]: { roles } } }).at).toBe('2026-11-21T12:00:09Z');
    expect(parsed(EMPTY).at).toBe(AT);
  });

  it('has a role with the name __proto__ like any other', () => {
    const text = JSON.stringify({ ...EMPTY, accounts: { [ACCOUNT]: { roles: { x: { at: AT, value: null } } } } });
    const named = text.replace('"x"', '"__proto__"');
    const result = parseEstate(named, 'estate.json');
    const estate = 'estate' in result ? result.estate : EMPTY;
    expect(answerOf(estate, { ask: 'role', account: ACCOUNT, name: '__proto__' })).toEqual({ ok: true, at: AT });
    expect(JSON.parse(estateText(estate))).toEqual(JSON.parse(named));
    expect(problems(named.replace('"value":null', '"value":5'))).toEqual([
      `estate.json: accounts.${ACCOUNT}.roles.__proto__.value is 5: it must be an object.`,
      expect.any(String),
    ]);
  });
});

describe('a file that is no Estate', () => {
  const part = (text: string) =>
    `{"format":"podlift.estate/1","at":"${AT}","accounts":{"${ACCOUNT}":{"roles":{"api":${text}}}},"clusters":{}}`;

  it.each<[string, string, RegExp]>([
    ['is not JSON', '{', /^estate\.json is not JSON: .+ Name a file that podlift wrote with --save-estate/],
    ['is another document', '{"version": 1}', /does not have "format": "podlift\.estate\/1"/],
    ['is null', 'null', /is not an Estate/],
    [
      'is the output of a command',
      '{"format":"podlift.gate/1"}',
      /has the format "podlift\.gate\/1", not podlift\.estate\/1/,
    ],
    [
      'is of a later format',
      '{"format":"podlift.estate/2"}',
      /podlift\.estate\/2, and this podlift reads podlift\.estate\/1\. Upgrade podlift\./,
    ],
    [
      'lacks a section',
      `{"format":"podlift.estate/1","at":"${AT}","accounts":{}}`,
      /: clusters is missing: it must be an object/,
    ],
    [
      'has a time that is none',
      '{"format":"podlift.estate/1","at":"today","accounts":{},"clusters":{}}',
      /: at is "today": it must be a time such as/,
    ],
    [
      'has a part without a value and without a reason',
      part(`{"at":"${AT}"}`),
      /roles\.api must have either a value or exactly one of denied, /,
    ],
    [
      'has a part with two reasons',
      part(`{"at":"${AT}","message":"no","denied":true,"failed":true}`),
      /roles\.api must have either a value or exactly one of/,
    ],
    [
      'has a part with a value and a reason',
      part(`{"at":"${AT}","message":"no","denied":true,"value":null}`),
      /roles\.api must have either a value or exactly one of/,
    ],
    [
      'has a part whose reason is no true',
      part(`{"at":"${AT}","message":"no","denied":1}`),
      /roles\.api\.denied is 1: it must be true/,
    ],
    [
      'has a part whose reason is not said',
      part(`{"at":"${AT}","denied":true}`),
      /roles\.api\.message is missing: it must be a text/,
    ],
    [
      'has a role without an ARN',
      part(
        `{"at":"${AT}","value":{"name":"api","path":"/","trust":{"Statement":[]},"maxSessionDuration":3600,"tags":{}}}`,
      ),
      /roles\.api\.value\.arn is missing: it must be a text/,
    ],
    [
      'has a policy that is none',
      part(
        `{"at":"${AT}","value":{"name":"api","arn":"","path":"/","trust":{"Statement":[{"Effect":"Maybe"}]},"maxSessionDuration":3600,"tags":{}}}`,
      ),
      /trust\.Statement\[0\]\.Effect is "Maybe": it must be "Allow" or "Deny"/,
    ],
  ])('%s', (_, text, message) => {
    expect(problems(text).join('\n')).toMatch(message);
  });

  it('names at most five errors', () => {
    const roles = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`r${index}`, 1]));
    const all = problems(JSON.stringify({ ...EMPTY, accounts: { [ACCOUNT]: { roles } } }));
    expect(all).toHaveLength(7);
    expect(all[5]).toBe('estate.json: 4 more errors');
  });
});
