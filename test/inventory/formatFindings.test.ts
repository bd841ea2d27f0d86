import { type Finding, hasErrors } from '../../src/inventory/Finding';
import { formatFindings, plainFinding } from '../../src/inventory/formatFindings';
import { inventoryFile } from '../../src/inventory/inventoryFile';
import { printable } from '../../src/inventory/printable';

const error: Finding = {
  severity: 'error',
  rule: 'unknown-key',
  path: 'workloads.api.x',
  file: 'a,b:c.yaml',
  line: 3,
  column: 5,
  message: '100% wrong',
  hint: 'Two\r\nlines.',
};
const warning: Finding = {
  ...error,
  severity: 'warning',
  rule: 'wildcard-resource',
  file: 'other.yaml',
  message: 'wide',
  hint: 'Narrow it.',
};

describe('formatFindings', () => {
  it('groups by file for people, with hints and a summary', () => {
    expect(formatFindings([error, warning, { ...error, line: 9 }], 'text')).toBe(
      [
        'a,b:c.yaml:3:5  error  100% wrong  [unknown-key]',
        '    Two\r\n    lines.',
        'a,b:c.yaml:9:5  error  100% wrong  [unknown-key]',
        '    Two\r\n    lines.',
        '',
        'other.yaml:3:5  warning  wide  [wildcard-resource]',
        '    Narrow it.',
        '',
        '2 errors, 1 warning',
      ].join('\n'),
    );
  });

  it('says so when there are none', () => {
    expect(formatFindings([], 'text')).toBe('no findings');
    expect(formatFindings([], 'github')).toBe('');
  });

  it('has colour codes only when asked', () => {
    expect(formatFindings([error], 'text')).not.toContain('\u001b');
    expect(printable(formatFindings([error], 'text', true))).toContain('\u001b[31merror\u001b[0m');
  });

  it('gives JSON with exactly the fields of a finding', () => {
    const more = { ...error, extra: 1 };
    expect(plainFinding(more)).toEqual(error);
    expect(Object.keys(plainFinding(more))).toEqual([
      'severity',
      'rule',
      'path',
      'file',
      'line',
      'column',
      'message',
      'hint',
    ]);
  });

  it('escapes workflow commands of GitHub', () => {
    expect(formatFindings([error, warning], 'github')).toBe(
      '::error file=a%2Cb%3Ac.yaml,line=3,col=5,title=unknown-key::100%25 wrong%0ATwo%0D%0Alines.\n' +
        '::warning file=other.yaml,line=3,col=5,title=wildcard-resource::wide%0ANarrow it.',
    );
  });
});

describe('hasErrors', () => {
  it('asks for an error, not for a warning', () => {
    expect(hasErrors([warning])).toBe(false);
    expect(hasErrors([warning, error])).toBe(true);
  });
});

describe('inventoryFile', () => {
  it.each([
    [{}, 'inventory.yaml'],
    [{ PODLIFT_INVENTORY: '' }, 'inventory.yaml'],
    [{ PODLIFT_INVENTORY: 'x/y.yaml' }, 'x/y.yaml'],
  ])('with %j is %s', (env, file) => {
    expect(inventoryFile(env)).toBe(file);
  });
});
