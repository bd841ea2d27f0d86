import fc from 'fast-check';
import { ask, askEach } from '../../../src/estate/aws/ask';

describe('Questions about each thing of a list', () => {
  it('are asked ten at a time, whatever order their answers come in, and give the order of the list', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 40, size: 'max' }), async (turns) => {
        let [now, most] = [0, 0];
        const answers = await askEach([...turns.keys()], async (index) => {
          most = Math.max(most, ++now);
          for (let turn = 0; turn < turns[index]!; turn++) await Promise.resolve();
          now -= 1;
          return index;
        });
        expect(answers).toEqual([...turns.keys()]);
        expect(most).toBeLessThanOrEqual(10);
        // Until the first ten have been asked none has answered.
        if (turns.length >= 10 && turns.every((turn) => turn > 0)) expect(most).toBe(10);
      }),
    );
  });

  it('leave out what is gone, and not what is merely empty', async () => {
    expect(await askEach([0, 1, 2], (index) => Promise.resolve(index === 1 ? undefined : ''))).toEqual(['', '']);
  });

  it('fail as a whole when one fails', async () => {
    const asked = askEach([1, 2], (index) => (index === 2 ? Promise.reject(new Error('denied')) : Promise.resolve(1)));
    await expect(asked).rejects.toThrow('denied');
  });
});

describe('A question that must end with others', () => {
  const pending = (signal: AbortSignal) =>
    new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        reject(new Error('given up'));
      });
    });

  it('gives up its calls when the others end, before its own time', async () => {
    const others = new AbortController();
    let given: AbortSignal | undefined;
    const answer = ask(60_000, (signal) => pending((given = signal)), others.signal);
    expect(given?.aborted).toBe(false);
    others.abort();
    expect(await answer).toMatchObject({ ok: false, why: 'timeout' });
    expect(given?.aborted).toBe(true);
  });

  it('makes no call that outlives the others where they have ended', async () => {
    const others = new AbortController();
    others.abort();
    expect(await ask(60_000, pending, others.signal)).toMatchObject({ ok: false, why: 'timeout' });
  });
});
