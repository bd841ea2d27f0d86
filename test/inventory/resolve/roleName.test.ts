import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { roleName } from '../../../src/inventory/resolve/resolveRole';

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);

describe('roleName', () => {
  it('joins its parts', () => {
    expect(roleName('prod', 'api')).toBe('prod-api');
    expect(roleName('prod', 'api', 'ledger')).toBe('prod-api-ledger');
  });

  it('keeps 64 characters and cuts 65', () => {
    expect(roleName('a', 'b'.repeat(62))).toBe(`a-${'b'.repeat(62)}`);
    const whole = `a-${'b'.repeat(63)}`;
    const hash = createHash('sha256').update(whole).digest('hex').slice(0, 8);
    expect(roleName('a', 'b'.repeat(63))).toBe(`${whole.slice(0, 55)}-${hash}`);
  });

  it('gives a name that IAM takes, the same each time', () => {
    fc.assert(
      fc.property(label, label, label, (...parts) => {
        expect(roleName(...parts)).toMatch(/^[\w+=,.@-]{1,64}$/);
        expect(roleName(...parts)).toBe(roleName(...parts));
      }),
    );
  });

  it('tells long names apart that begin alike', () => {
    fc.assert(
      fc.property(label, label, (a, b) => {
        const prefix = 'x'.repeat(60);
        expect(roleName(prefix, a) === roleName(prefix, b)).toBe(a === b);
      }),
    );
  });
});
