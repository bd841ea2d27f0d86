import { jsonOutput, print, printFindings, progressLine } from '../../src/cli/output';
import { reportFailure, UsageError } from '../../src/cli/exit';
import { paintOf, table } from '../../src/cli/report';
import { allowedNotice } from '../../src/cli/check/allowedText';
import { scalarText } from '../../src/inventory/edit/entryLines';
import type { Finding } from '../../src/inventory/Finding';
import { printable } from '../../src/inventory/printable';

// Further texts that steer a terminal, a log or a reader; and names that would add lines of their own to a report.

/** Characters without a glyph of their own, by their numbers in Unicode. */
const UNSEEN: readonly (readonly [string, number])[] = [
  ['braille blank', 0x2800],
  ['Mongolian vowel separator', 0x180e],
  ['Mongolian variation selector', 0x180b],
  ['Mongolian variation selector four', 0x180f],
  ['Hangul choseong filler', 0x115f],
  ['Hangul jungseong filler', 0x1160],
  ['halfwidth Hangul filler', 0xffa0],
  ['Khmer inherent vowel', 0x17b4],
  ['combining grapheme joiner', 0x034f],
  ['interlinear annotation', 0xfff9],
  ['musical beam', 0x1d173],
  ['shorthand overlap', 0x1bca0],
  ['inhibit symmetric swapping', 0x206a],
  ['language tag', 0xe0001],
  ['invisible times', 0x2062],
  ['invisible plus', 0x2064],
  ['first strong isolate', 0x2068],
  ['function application', 0x2061],
  ['object replacement noncharacter', 0xfffe],
  ['last noncharacter of a plane', 0x1ffff],
  ['Egyptian hieroglyph joiner', 0x13430],
  ['Kaithi number sign above', 0x110cd],
  ['unassigned default ignorable', 0xe0fff],
  ['unassigned default ignorable of the first plane', 0x2065],
  ['no-break space', 0xa0],
  ['ideographic space', 0x3000],
  ['Ogham space', 0x1680],
  ['hair space', 0x200a],
  ['narrow no-break space', 0x202f],
  ['figure space', 0x2007],
  ['medium mathematical space', 0x205f],
];

/** Blanks of Unicode. .NET, in which the runner of GitHub is written, takes each for a blank. */
const BLANKS = [
  0x09, 0x0b, 0x0c, 0x20, 0x85, 0xa0, 0x1680, 0x2000, 0x2003, 0x200a, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000, 0xfeff,
];

function printedBy(work: () => void): string {
  const out: string[] = [];
  const keep = (text: unknown): boolean => out.push(String(text)) > 0;
  const spies = [
    jest.spyOn(console, 'log').mockImplementation((text) => void keep(`${String(text)}\n`)),
    jest.spyOn(console, 'error').mockImplementation((text) => void keep(`${String(text)}\n`)),
    jest.spyOn(process.stderr, 'write').mockImplementation(keep),
  ];
  try {
    work();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return out.join('');
}

const finding = (text: string): Finding => ({
  severity: 'error',
  rule: 'rule',
  path: text,
  file: text,
  line: 1,
  column: 1,
  message: 'the message',
  hint: 'the hint',
});

const PRINTERS: readonly (readonly [string, (text: string) => void])[] = [
  ['a report', print],
  ['an error', (text) => reportFailure(new UsageError(text), {})],
  [
    'a table',
    (text) => {
      print(table(['name', 'more'], [[text, { text, paint: paintOf(true).red }]]));
    },
  ],
  [
    'a narrow table',
    (text) => {
      print(table(['name', 'more'], [[text, text]], 12));
    },
  ],
  [
    'a finding',
    (text) => {
      printFindings('check', [{ ...finding(text), message: text, hint: text }], 'text');
    },
  ],
];

describe.each(PRINTERS)('what is printed as %s', (_what, printer) => {
  it.each(UNSEEN)('shows that it has a %s', (_name, code) => {
    const character = String.fromCodePoint(code);
    const printed = printedBy(() => {
      printer(`admin${character}s`);
    });
    expect(printed).not.toContain(character);
  });

  it.each(BLANKS)('is no command of a workflow after the blank %i', (code) => {
    for (const command of ['::error::x', '::group::x', '::add-path::/x', '::debug::x']) {
      const blank = String.fromCodePoint(code);
      const printed = printedBy(() => {
        printer(`${blank}${command}`);
        printer(`name\n${blank}${blank}${command}`);
      });
      const lines = printed
        .split(/[\r\n\u0085\u2028\u2029]/)
        .map((line) => line.replace(/^[\s\u0085\u180e\u200b\ufeff]+/, ''));
      expect(lines.filter((line) => line.startsWith('::'))).toEqual([]);
    }
  });

  it.each([
    '##[group]x',
    '##[endgroup]',
    '##[add-mask]x',
    '##[command]x',
    'a##[error]x',
    '#\u200b#[error]x',
    '##\u200b[error]x',
    '###[error]x',
    '####[error]##[error]',
    '##\u001b[31m[error]x',
    '##vso[task.complete result=Failed]',
    '##VSO[task.logissue type=error]x',
    '###vso[task.setvariable variable=x]y',
  ])('is no command of Azure or of old runners: %j', (text) => {
    const printed = printedBy(() => {
      printer(text);
    }).replace(/\u001b\[\d+m/g, '');
    expect(printed).not.toMatch(/##(?:\[|vso\[)/i);
  });

  it.each([
    ':\u001b[31m:error::x',
    ':\u200b:error::x',
    '\u200b::error::x',
    '\u001b[0m::error::x',
    '\u001b]0;x\u0007::error::x',
    '\r::error::x',
    '\b::error::x',
    '\u202e::error::x',
  ])('is no command where a reader skips what is not seen: %j', (text) => {
    const printed = printedBy(() => {
      printer(text);
    });
    const seen = printed.replace(/\u001b\[\d+m/g, '');
    expect(seen.split('\n').filter((line) => line.trim().startsWith('::'))).toEqual([]);
  });
});

describe('the name of a file', () => {
  it.each([
    'a\n0 errors, 0 warnings',
    'a\r\nall checks passed',
    'a\n\n  [rule]',
    'a\u0085b',
    'a\u2028b',
    'a\n::error::x',
  ])('adds no line to a finding: %j', (text) => {
    const plain = printedBy(() => {
      printFindings('check', [finding('a')], 'text');
    });
    const printed = printedBy(() => {
      printFindings('check', [finding(text)], 'text');
    });
    expect(printed.split('\n').length).toBe(plain.split('\n').length);
  });
});

describe('a line of progress', () => {
  it.each(UNSEEN)('shows that it has a %s', (_name, code) => {
    let written = '';
    const stream = { isTTY: true, columns: 500, write: (piece: string) => void (written += piece) } as never;
    progressLine('doctor', stream).show({ done: 1, total: 2, what: `a${String.fromCodePoint(code)}b` });
    expect(written).not.toContain(String.fromCodePoint(code));
  });

  it.each(['::error::x', '##[error]x', '\n::error::x', '%0A::error::x'])('is no command: %j', (text) => {
    let written = '';
    const stream = { isTTY: true, columns: 500, write: (piece: string) => void (written += piece) } as never;
    progressLine('doctor', stream).show({ done: 1, total: 2, what: text });
    for (const line of written.replaceAll('\u001b[2K', '').split(/[\r\n]/))
      expect(line.trim().startsWith('::')).toBe(false);
    expect(written).not.toContain('##[');
  });
});

describe('an annotation for GitHub', () => {
  it.each([
    'a%0A::error::b',
    'a%250A::error::b',
    'a%0D%0Ab',
    'a,title=owned',
    'a::b',
    '::stop-commands::x',
    'a]b;c=d',
    'a\u0000,b',
    'a\r',
    '%',
    '%%%',
  ])('is one line with the same fields: %j', (text) => {
    const printed = printedBy(() => {
      printFindings('check', [{ ...finding(text), rule: text, message: text, hint: text }], 'github');
    }).trimEnd();
    expect(printed.split(/[\r\n\u0085\u2028]/)).toHaveLength(1);
    const [, properties = '', message = ''] = /^::error (.*?)::(.*)$/.exec(printed) ?? [];
    expect(properties.split(',').map((one) => one.split('=')[0])).toEqual(['file', 'line', 'col', 'title']);
    // What GitHub makes of the message is what it was, apart from what nobody sees.
    const read = message.replace(/%0D/g, '\r').replace(/%0A/g, '\n').replace(/%25/g, '%');
    expect(read.split('\n')[0]?.replace(/\r$/, '')).toContain(text.replace(/[\u0000\r]/g, '').slice(0, 1));
  });

  it('is one line for the table of what is allowed', () => {
    const text = 'a\n::error::b\u001b[31m%0A,c::d\u202e';
    const printed = allowedNotice([
      { environment: text, workload: text, who: text, kind: 'actions', actions: [text], resources: [text] } as never,
    ]);
    expect(printed.split(/[\r\n]/)).toHaveLength(1);
    expect(printed).not.toMatch(/[\u001b\u202e]/);
  });
});

describe('a JSON document and an entry of discover', () => {
  it.each(UNSEEN.slice(0, 24))('have the same value, and show that it has a %s', (_name, code) => {
    const text = `a${String.fromCodePoint(code)}b`;
    const json = jsonOutput('doctor', { name: text, [text]: 1 });
    expect(JSON.parse(json)).toMatchObject({ name: text, [text]: 1 });
    expect(json).not.toContain(String.fromCodePoint(code));
    expect(scalarText(text)).not.toContain(String.fromCodePoint(code));
  });
});

it('a text of 2,000 marks above one letter, or of a million colons, is printed in a moment', () => {
  for (const text of [
    'a' + '\u0301'.repeat(2000),
    ':'.repeat(1_000_000),
    '#'.repeat(1_000_000),
    '\u001b[1;'.repeat(100_000),
    ' '.repeat(500_000) + ':',
  ])
    expect(printable(text).length).toBeGreaterThanOrEqual(text.length);
});
