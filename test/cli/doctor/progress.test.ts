import { progress } from '../../../src/cli/doctor/progress';

function stream(isTTY: boolean) {
  const written: string[] = [];
  return { written, isTTY, write: (text: string) => written.push(text) };
}

describe('the progress of a long look', () => {
  it('is one line of a terminal, wiped at the end', () => {
    const to = stream(true);
    const { report, end } = progress(to);
    report(1, 2);
    end();
    expect(to.written).toEqual(['\r\u001B[Kpodlift doctor: 1 of 2 workloads on their clusters …', '\r\u001B[K']);
  });

  it('is a plain line every ten seconds elsewhere, and none where it is quick', () => {
    const to = stream(false);
    let now = 0;
    const { report, end } = progress(to, () => now);
    for (const [at, done] of [
      [1, 1],
      [10_000, 2],
      [15_000, 3],
      [20_000, 4],
    ] as const) {
      now = at;
      report(done, 9);
    }
    end();
    expect(to.written.map((text) => /\d of/.exec(text)?.[0])).toEqual(['2 of', '4 of']);
  });
});
