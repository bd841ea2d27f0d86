import { readFileSync } from 'node:fs';
import { EXPECTED, linesOf } from './expected';
import { SCENARIOS } from './scenarios';

const calls = new Map<string, string>(
  SCENARIOS.flatMap(({ name, calls: wanted }) =>
    wanted.map(([service, operation], index) => [`${name}/${index} ${operation}`, service] as const),
  ),
);
const callOf = (line: string): string => line.slice(0, line.indexOf(': '));

describe('The expected differences from moto', () => {
  const lines = EXPECTED.flatMap(linesOf);

  it('are at calls of the scenarios', () => {
    expect(lines.filter((line) => !calls.has(callOf(line)))).toEqual([]);
  });

  it('are listed once each', () => {
    expect(lines.filter((line, index) => lines.indexOf(line) !== index)).toEqual([]);
  });

  it('have a source each', () => {
    expect(EXPECTED.filter(({ source }) => !/https:\/\/|src\//.test(source)).map(({ reason }) => reason)).toEqual([]);
  });

  it('are counted in docs/SANDBOX.md', () => {
    const page = readFileSync('docs/SANDBOX.md', 'utf8');
    const different = new Set(lines.map(callOf)).size;
    const figures = `${calls.size} calls: ${calls.size - different} have the same answer, ${different} differ`;
    expect(page.replace(/\s+/g, ' ')).toContain(figures);
    for (const { reason, ...rest } of EXPECTED) {
      const count = new Set(linesOf({ reason, ...rest }).map(callOf)).size;
      expect(
        page
          .split('\n')
          .filter((row) => row.startsWith('| '))
          .map((row) => row.split('|').map((cell) => cell.trim())),
      ).toContainEqual(['', reason, String(count), '']);
    }
  });
});
