import { sandbox } from './sandboxProject';

const cdktf = (...words: string[]) => ['node_modules/.bin/cdktf', ...words, '--skip-provider-lock', '--no-color'];

describe('podlift sandbox', () => {
  it('plans prod-identity with cdktf', () => {
    const { status, output } = sandbox(...cdktf('plan', 'prod-identity'));
    expect(output).toMatch(/Plan: 1 to import, \d+ to add, 1 to change, 0 to destroy/);
    expect(status).toBe(0);
  });

  it('applies it, and finds nothing to change when it is applied again', () => {
    const once = sandbox(...cdktf('apply', 'prod-identity', '--auto-approve'));
    expect(once.output).toMatch(/Apply complete! Resources: 1 imported, \d+ added, 1 changed, 0 destroyed/);
    const again = sandbox(...cdktf('apply', 'prod-identity', '--auto-approve'));
    expect(again.output).toMatch(/No changes/);
    expect([once.status, again.status]).toEqual([0, 0]);
  });
});
