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

describe('the progress of a command that waits for its first answer', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it.each<[string, boolean, number, RegExp]>([
    ['a terminal after a second', true, 1000, /^\r\S+podlift drift: waiting for the first of the answers \(1 s\)$/],
    ['a pipe after ten', false, 10_000, /^podlift drift: waiting for the first of the answers \(10 s\)\n$/],
  ])('is on %s, and not before', (_, isTTY, milliseconds, line) => {
    const to = stream(isTTY);
    const { end } = progressLine('drift', to);
    jest.advanceTimersByTime(milliseconds - 1);
    expect(to.written).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(to.written).toEqual([expect.stringMatching(line)]);
    end();
    jest.advanceTimersByTime(60_000);
    expect(to.written.length).toBe(isTTY ? 2 : 1);
  });

  it('says for how long nothing more has come', () => {
    const to = stream(true);
    const { show, end } = progressLine('drift', to);
    show({ done: 1, total: 2, what: 'get nodes' });
    jest.advanceTimersByTime(2000);
    end();
    expect(to.written.at(-2)).toMatch(/podlift drift: 1 of 2 answers, get nodes \(2 s\)$/);
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
