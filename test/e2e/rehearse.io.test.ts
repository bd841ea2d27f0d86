import { INVENTORY, rehearse, rehearseWalks, SHORT_WALK } from './rehearseWave';

describe('a rehearsal', () => {
  rehearseWalks([SHORT_WALK]);

  it.each([
    [['--wave', 'pliot'], /--wave is "pliot": did you mean "pilot"\?/],
    [['--environment', 'div'], /--environment is "div": did you mean "dev"\?/],
    [['--to', 'dul'], /'dul' is invalid/],
  ])('does not begin with %j', async (arguments_, message) => {
    const run = await rehearse(INVENTORY, arguments_);
    expect(run.stderr).toMatch(message);
    expect(run.code).toBe(2);
  });
});
