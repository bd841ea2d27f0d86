import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { jsonOutput, print, printError, printFindings, progressLine } from '../../src/cli/output';
import { reportFailure, UsageError } from '../../src/cli/exit';
import { paintOf, table } from '../../src/cli/report';
import { scalarText } from '../../src/inventory/edit/entryLines';
import type { Finding } from '../../src/inventory/Finding';
import { INVISIBLE, printable } from '../../src/inventory/printable';
import { explain } from '../../src/iam/explain';
import { kindText } from '../../src/proof/attacks/sourceStrangers';

// Names in clusters, accounts and files are chosen by others, and podlift prints them on the terminal of an administrator, or in a log of CI.

/** What a text may hold to steer a terminal, a log or a reader. */
const HOSTILE: readonly (readonly [string, string])[] = [
  ['a colour (SGR)', '\u001b[31mFAIL\u001b[0m'],
  ['hidden text (SGR 8)', '\u001b[8mhidden'],
  ['the end of all colours', '\u001b[0m'],
  ['an empty SGR', '\u001b[m'],
  ['the title of the window (OSC 0)', '\u001b]0;owned\u0007'],
  ['a link (OSC 8)', '\u001b]8;;https://evil.invalid\u001b\\click\u001b]8;;\u001b\\'],
  ['the clipboard (OSC 52)', '\u001b]52;c;cm0gLXJmIC8=\u0007'],
  ['an image (OSC 1337)', '\u001b]1337;File=:AAAA\u0007'],
  ['a device control string', '\u001bP+q\u001b\\'],
  ['an application program command', '\u001b_x\u001b\\'],
  ['a privacy message', '\u001b^x\u001b\\'],
  ['the cursor', '\u001b[2J\u001b[H'],
  ['the line above', '\u001b[1A\u001b[2K'],
  ['a reset', '\u001bc'],
  ['the line, by a carriage return', 'role a\rrole b'],
  ['the line, by backspaces', 'role a\b\b\b\b\b\brole b'],
  ['a control sequence in one character (C1)', '\u009b31m'],
  ['an operating system command in one character (C1)', '\u009d0;owned\u009c'],
  ['a next line (C1)', 'a\u0085b'],
  ['a form feed and a vertical tab', 'a\fb\vc'],
  ['a bell', '\u0007'],
  ['a delete', 'a\u007f'],
  ['a NUL', 'a\0b'],
  ['a right-to-left override', 'admin\u202etxt.exe'],
  ['an isolate', '\u2066admin\u2069'],
  ['a right-to-left mark', '\u200fadmin'],
  ['an Arabic letter mark', '\u061cadmin'],
  ['a zero-width space', 'ad\u200bmin'],
  ['a zero-width joiner', 'ad\u200dmin'],
  ['a word joiner', 'ad\u2060min'],
  ['a byte order mark', '\ufeffadmin'],
  ['a soft hyphen', 'ad\u00admin'],
  ['tags', 'admin\u{e0041}\u{e007f}'],
  ['variation selectors', 'admin\ufe0f\u{e0101}'],
  ['a Hangul filler', 'admin\u3164'],
  ['a line separator', 'a\u2028b\u2029c'],
  ['half of a surrogate pair', 'a\ud800b'],
];

const COMMANDS: readonly string[] = [
  '::error::owned',
  '::set-output name=x::y',
  '::add-mask::secret',
  '::stop-commands::x',
  '::save-state name=x::y',
  '  ::error file=a,line=1::owned',
  '\t::warning::owned',
  'a\n::error::owned',
  'a\n \n  ::error::owned',
  'a\r\n::error::owned',
  '##[error]owned',
  'a ##[set-env name=X]y',
  '##vso[task.setvariable variable=x]y',
  '::ERROR::owned',
];

/** True when GitHub's runner or Azure Pipelines takes a line of a log for a command. */
function isCommand(log: string): boolean {
  return log
    .split(/\r\n|\r|\n/)
    .some((line) => line.trim().startsWith('::') || line.includes('##[') || line.includes('##vso['));
}

/** Everything but visible characters and line breaks. */
function invisible(text: string): string {
  return (text.match(INVISIBLE) ?? []).filter((character) => character !== '\n').join('');
}

const finding = (text: string): Finding => ({
  severity: 'error',
  rule: text,
  path: text,
  file: text,
  line: 1,
  column: 1,
  message: text,
  hint: text,
});

/** What a piece of work prints on both streams. */
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

const PRINTERS: readonly (readonly [string, (text: string) => void])[] = [
  ['a report', print],
  ['a report on stderr', printError],
  [
    'findings',
    (text) => {
      printFindings('validate', [finding(text)], 'text');
    },
  ],
  [
    'a table',
    (text) => {
      print(table(['name'], [[text], [{ text, paint: paintOf(true).red }]]));
    },
  ],
  [
    'a narrow table',
    (text) => {
      print(table(['name', 'more'], [[text, text]], 20));
    },
  ],
  [
    'a list',
    (text) => {
      print(table(['name', 'more', 'a', 'b'], [[text, text, text, text]], 10));
    },
  ],
  [
    'a painted text',
    (text) => {
      print(paintOf(true).bold(text));
    },
  ],
  ['an error', (text) => reportFailure(new UsageError(text), {})],
  ['a defect', (text) => reportFailure(new Error(text), {})],
  ['a defect with its trace', (text) => reportFailure(new Error(text), { PODLIFT_DEBUG: '1' })],
];

describe.each(PRINTERS)('what is printed as %s', (_what, printer) => {
  const own = /\u001b\[(?:1|22|31|39)m/g;

  it.each(HOSTILE)('does not change %s', (_hostile, text) => {
    const printed = printedBy(() => {
      printer(`name ${text} end`);
    });
    expect(invisible(printed.replace(own, ''))).toBe('');
    expect(printed).toMatch(/name/);
  });

  it.each(COMMANDS)('is no command of a workflow: %j', (text) => {
    const printed = printedBy(() => {
      printer(text);
    });
    expect(isCommand(printed.replace(own, ''))).toBe(false);
  });
});

describe('podlift’s own colours', () => {
  it('work, and a text from outside cannot take or end them', () => {
    const { red } = paintOf(true);
    const printed = printedBy(() => {
      print(`${red('FAIL')} \u001b[32mpass\u001b[0m ${red('a\u001b[39mb')}`);
    });
    expect(printed).toBe('\u001b[31mFAIL\u001b[39m \\u001b[32mpass\\u001b[0m \u001b[31ma\\u001b[39mb\u001b[39m\n');
  });

  it('cannot be made by a text with numbers', () => {
    for (let number = 0; number < 1000; number += 1)
      expect(printable(`\u001b[31;${100_000_000 + number * 899_999}m`)).toContain('\\u001b');
  });

  it('leave the columns of a table in line, also beside what is escaped', () => {
    const { red } = paintOf(true);
    const rows = [
      ['\u001b[31mx', { text: 'a', paint: red }],
      ['b', 'c\u200bd'],
    ] as const;
    const lines = printedBy(() => {
      print(table(['one', 'two'], rows));
    })
      .replace(/\u001b\[\d+m/g, '')
      .trimEnd()
      .split('\n');
    expect(new Set(lines.map(({ length }) => length)).size).toBe(1);
  });
});

describe('a line of progress', () => {
  it.each(HOSTILE)('does not change %s', (_hostile, text) => {
    let written = '';
    const stream = { isTTY: true, columns: 500, write: (piece: string) => void (written += piece) } as never;
    progressLine('doctor', stream).show({ done: 1, total: 2, what: `role ${text}\nmore` });
    expect(invisible(written.replace('\r\u001b[2K', ''))).toBe('');
    expect(written).not.toContain('\n');
  });
});

describe('a finding for GitHub', () => {
  it.each(HOSTILE)('does not change %s', (_hostile, text) => {
    const printed = printedBy(() => {
      printFindings('check', [finding(text)], 'github');
    });
    expect(invisible(printed)).toBe('');
  });

  it.each([...COMMANDS, 'a,line=99::b', 'a%0A::error::b', '100%', 'a:b,c'])(
    'is one command with one message: %j',
    (text) => {
      const printed = printedBy(() => {
        printFindings('check', [finding(text)], 'github');
      });
      expect(printed.trimEnd().split(/[\r\n]/)).toHaveLength(1);
      const [, properties = '', message = ''] = /^::error (.*?)::(.*)$/.exec(printed.trimEnd()) ?? [];
      expect(properties.split(',').map((one) => one.split('=')[0])).toEqual(['file', 'line', 'col', 'title']);
      expect(message).toContain('%0A');
    },
  );
});

describe('a name with a line break', () => {
  const name = 'x\n0 errors, 0 warnings';

  it.each(['text', 'github'] as const)('adds no line to the findings, as %s', (format) => {
    const lines = (text: string) =>
      printedBy(() => {
        printFindings('check', [{ ...finding(text), hint: 'fix it' }], format);
      }).split('\n').length;
    expect(lines(name)).toBe(lines('x'));
  });

  it('adds no line to the explanation of a decision', () => {
    const of = (text: string) => {
      const statement = { Effect: 'Allow', Action: '*', Condition: { StringEquals: { [text]: text } } } as const;
      const dependsOn = [
        { operator: 'StringEquals', key: text, wanted: [text], of: { policy: text, index: 0, statement } },
      ] as const;
      return explain({
        action: 'sts:AssumeRole',
        allowed: false,
        reason: 'depends on the request',
        dependsOn,
        statements: [],
      } as never);
    };
    expect(of(name).split('\n')).toHaveLength(of('x').split('\n').length);
  });

  it('adds no line to the name of strangers', () => {
    for (const stranger of [
      { kind: 'tokens', provider: `arn:aws:iam::111122223333:oidc-provider/${name}` },
      { kind: 'service', service: name },
      { kind: 'principal', arn: name },
      { kind: 'organisation', id: name },
    ] as const)
      expect(kindText(stranger as never)).not.toContain('\n');
  });
});

describe('a JSON document', () => {
  it.each([...HOSTILE, ...COMMANDS.map((text) => [text, text] as const)])(
    'has the same value and shows all of it: %s',
    (_what, text) => {
      const json = jsonOutput('doctor', { name: text });
      expect((JSON.parse(json) as { name: string }).name).toBe(text);
      expect(invisible(json)).toBe('');
    },
  );
});

describe('an entry that discover prints', () => {
  it.each(HOSTILE)('does not change %s', (_what, text) => {
    expect(invisible(scalarText(text))).toBe('');
  });
});

it('everything that a command prints goes through the printer', () => {
  const sources = readdirSync('src/cli', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const others = sources.flatMap((file) =>
    readFileSync(join('src/cli', file), 'utf8')
      .split('\n')
      .filter((line) => /console\.|std(?:out|err)\.write|stream\.write/.test(line))
      .map((line) => line.trim())
      .filter(
        (line) => !line.includes('printable(') && !line.includes('jsonOutput(') && !line.includes('withoutInvisible('),
      ),
  );
  // The line of progress is escaped word by word; the entries of discover are YAML, which escapes them (see above).
  expect(
    others.toSorted().filter((line) => !line.includes(' stream.write') && !line.startsWith('stream.write')),
  ).toEqual([
    "else if (findings.length > 0 && format === 'github') console.log(formatFindings(findings, 'github'));",
    // Each format of a page escapes the names in it (test/report).
    'else process.stdout.write(textOf(command, chosen, shown));',
    // Escaped as GitHub asks for, like the findings.
    "if (format === 'github') console.log(allowedNotice(allowed));",
    "if (yaml !== '') console.log(yaml);",
  ]);
});

describe('for all texts', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...HOSTILE.map(([, one]) => one), ...COMMANDS));

  it('nothing invisible and no command is printed, and printing twice changes nothing', () => {
    fc.assert(
      fc.property(fc.array(text), (texts) => {
        const printed = printable(texts.join(''));
        expect(invisible(printed)).toBe('');
        expect(isCommand(printed)).toBe(false);
        expect(printable(printed)).toBe(printed);
      }),
      { numRuns: 2000 },
    );
  });
});
