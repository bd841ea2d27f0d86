import { tableCsv } from '../../src/report/tableCsv';

const table = (name: string) => ({
  caption: 'Roles',
  columns: [{ head: 'role' }, { head: 'note' }],
  rows: [[name, { text: 'x', tone: 'good' as const }]],
  empty: '',
});

describe('a table as CSV', () => {
  it.each([
    ['a plain name', 'orders', 'orders,x'],
    ['a comma', 'a,b', '"a,b",x'],
    ['a quote', 'a"b', '"a""b",x'],
    ['a line break', 'a\nb', '"a\nb",x'],
    ['a formula', '=1+1', "'=1+1,x"],
    ['a formula by plus', '+1', "'+1,x"],
    ['a formula by minus', '-1', "'-1,x"],
    ['a formula by at', '@SUM(A1)', "'@SUM(A1),x"],
    ['a formula with quotes', '=HYPERLINK("x")', `"'=HYPERLINK(""x"")",x`],
    ['a carriage return', '\r=1', '\\u000d=1,x'],
    ['a direction', 'a\u202eb', 'a\\u202eb,x'],
  ])('writes %s', (_, name, line) => {
    expect(tableCsv(table(name))).toBe(`role,note\r\n${line}\r\n`);
  });
});
