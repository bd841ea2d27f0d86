import { PassThrough } from 'node:stream';
import { askApproval } from '../../../src/cli/engine/askApproval';
import { stackProgress } from '../../../src/cli/engine/stackProgress';

describe('the question before an apply', () => {
  it.each([
    ['yes\n', true],
    [' yes \n', true],
    ['y\n', false],
    ['Yes\n', false],
    ['\n', false],
    ['no\nyes\n', false],
    ['', false],
  ])('takes %j as %s', async (typed, approved) => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    const answer = askApproval(input, output);
    input.end(typed);
    expect(await answer).toBe(approved);
    expect(String(output.read())).toContain("Only 'yes' will be accepted to approve.");
  });
});

describe('the progress of stacks', () => {
  function progressOn(isTTY: boolean) {
    let now = 0;
    let text = '';
    const stream = { isTTY, columns: 60, write: (more: string) => (text += more) };
    const progress = stackProgress(stream, () => now);
    return { progress, later: (seconds: number) => (now += seconds * 1000), shown: () => text };
  }

  it('is one line a stack in a pipe, when the stack is finished', () => {
    const { progress, later, shown } = progressOn(false);
    progress.say('dev-identity', 'init');
    progress.say('dev-targets', 'init');
    later(3);
    progress.say('dev-identity', 'plan');
    progress.finish('dev-targets', 'no changes');
    later(2);
    progress.finish('dev-identity', 'planned: add 4');
    progress.end();
    expect(shown()).toBe('dev-targets: no changes (3 s)\ndev-identity: planned: add 4 (5 s)\n');
  });

  it('is one line that changes for each running stack on a terminal', () => {
    const { progress, later, shown } = progressOn(true);
    progress.say('dev-identity', 'init');
    progress.say('dev-targets', 'init');
    later(3);
    progress.finish('dev-identity', 'failed');
    progress.end();
    expect(shown().split(/(\u001b\[\d+A\u001b\[J)/)).toEqual([
      'dev-identity: init\n',
      '\u001b[1A\u001b[J',
      'dev-identity: init\ndev-targets: init\n',
      '\u001b[2A\u001b[J',
      'dev-identity: failed (3 s)\ndev-targets: init (3 s)\n',
      '\u001b[1A\u001b[J',
      '',
    ]);
  });

  it('cuts a line at the width of the terminal, and shows no control characters', () => {
    const { progress, shown } = progressOn(true);
    progress.say('dev-identity', `plan \u001b[31m${'x'.repeat(100)}`);
    progress.end();
    const [line = ''] = shown().split('\n');
    expect(line).toHaveLength(59);
    expect(line).not.toContain('\u001b');
  });
});
