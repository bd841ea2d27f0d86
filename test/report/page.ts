import type { Page } from '../../src/report/Page';

/** A page with each kind of block, in which a name that others choose stands everywhere. */
export function pageWith(name: string): Page {
  const table = {
    caption: `Roles of ${name}`,
    columns: [{ head: 'role' }, { head: 'clusters', align: 'right' as const }],
    rows: [[name, { text: name, tone: 'bad' as const }]],
    empty: 'There is no role.',
  };
  return {
    title: `podlift survey of ${name}`,
    facts: [{ name: 'Account', value: { text: name, tone: 'good' } }],
    sections: [
      {
        id: 'first',
        title: `First ${name}`,
        lead: `It lists ${name}.`,
        blocks: [
          { kind: 'text', text: `A text with ${name}` },
          { kind: 'list', items: [name, { text: name, tone: 'warning', to: 'second' }] },
          { kind: 'table', ...table },
          { kind: 'commands', commands: [`podlift gate ${name}`] },
          {
            kind: 'diff',
            title: `Trust of ${name}`,
            lines: [
              { change: 'same', text: name },
              { change: 'added', text: name },
              { change: 'removed', text: name },
            ],
          },
        ],
      },
      {
        id: 'second',
        title: 'Second',
        blocks: [
          {
            kind: 'figure',
            caption: `Access of ${name}`,
            description: `${name} uses one role.`,
            width: 100,
            height: 40,
            shapes: [
              { shape: 'box', x: 0, y: 0, width: 50, height: 20, style: 'good' },
              { shape: 'line', path: 'M 50 10 L 100 10', style: 'quiet' },
              { shape: 'label', x: 4, y: 14, text: name, style: 'head', title: name },
            ],
            table,
          },
          { kind: 'details', summary: `More of ${name}`, blocks: [{ kind: 'text', text: name }] },
          { kind: 'table', ...table, rows: [] },
        ],
      },
    ],
  };
}

/** Names that would change a page, a comment or a spreadsheet if they were not escaped. */
export const HOSTILE_NAMES: readonly string[] = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><svg onload=alert(1)>',
  "' onmouseover='alert(1)",
  '</style><script>',
  '--><script>',
  '&lt;script&gt;',
  '](https://evil.invalid)',
  '![x](https://evil.invalid/x.png)',
  '@org/team',
  'https://evil.invalid',
  '#1',
  '```',
  '`x`',
  'a|b',
  '**bold**',
  '~~x~~',
  '=HYPERLINK("https://evil.invalid")',
  '+1',
  '-1',
  '@SUM(A1)',
  'admin\u202etxt.exe',
  'a\nb',
  'a\r\n# b',
  '1. x',
];
