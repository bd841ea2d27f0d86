import { sandbox } from './sandboxProject';

describe('podlift sandbox', () => {
  it('gives the command the ambient account and hides the operator’s own credentials', () => {
    const { status, output } = sandbox('aws', 'sts', 'get-caller-identity', '--output', 'text');
    expect(output).toMatch(/^111111111111\s/m);
    expect(status).toBe(0);
  });

  it('gives back the command’s exit code', () => {
    expect(sandbox('sh', '-c', 'exit 7').status).toBe(7);
  });

  it('says so when the command cannot be found, and exits 2', () => {
    const { status, output } = sandbox('no-such-command');
    expect(output).toContain('there is no command "no-such-command" on PATH');
    expect(status).toBe(2);
  });
});
