import { busy, progressLine } from '../../src/cli/output';

function stream(isTTY: boolean) {
  const written: string[] = [];
  return { written, isTTY, columns: 80, write: (text: string) => written.push(text) };
}

describe('the progress of a command that reads', () => {
  it('is one line of a terminal, removed at the end', () => {
    const to = stream(true);
    const { show, end } = progressLine('doctor', to);
    show({ done: 1, total: 2, what: 'iam:GetRole a' });
    end();
    expect(to.written).toEqual(['\r\u001B[2Kpodlift doctor: 1 of 2 answers, iam:GetRole a', '\r\u001B[2K']);
  });

  it('is a plain line every ten seconds elsewhere, and none where it is quick', () => {
    const to = stream(false);
    let now = 0;
    const { show, end } = progressLine('doctor', to, () => now);
    for (const [at, done] of [
      [1, 1],
      [10_000, 2],
      [15_000, 3],
      [20_000, 4],
    ] as const) {
      now = at;
      show({ done, total: 9, what: 'get nodes' });
    }
    end();
    expect(to.written.map((text) => /\d of/.exec(text)?.[0])).toEqual(['2 of', '4 of']);
  });
});

describe('work that cannot be interrupted', () => {
  it('has a line on a terminal, which goes at the end, also of work that fails', () => {
    const to = stream(true);
    expect(busy('checking inventory.yaml', () => 7, to)).toBe(7);
    const broken = () => {
      throw new Error('broken');
    };
    expect(() => busy('checking a', broken, to)).toThrow('broken');
    const gone = '\r\u001B[2K';
    expect(to.written).toEqual(['podlift: checking inventory.yaml …', gone, 'podlift: checking a …', gone]);
  });

  it('has none elsewhere', () => {
    const to = stream(false);
    expect(busy('checking inventory.yaml', () => 7, to)).toBe(7);
    expect(to.written).toEqual([]);
  });
});
