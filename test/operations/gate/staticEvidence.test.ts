import { staticEvidence } from '../../../src/operations/gate/staticEvidence';
import { pilotAt } from '../agreedWorld';

const FORWARD = { wave: 'pilot', environment: 'prod', direction: 'forward' } as const;
const failed = (...parts: Parameters<typeof pilotAt>) =>
  staticEvidence(pilotAt(...parts), FORWARD)
    .filter(({ holds }) => holds !== 'yes')
    .map(({ check }) => check);

describe('what a gate finds without a question', () => {
  it.each<[string, Parameters<typeof pilotAt>, readonly string[]]>([
    ['nothing where the inventory allows the step', ['irsa', {}], []],
    ['an SDK that is not declared', ['irsa', { workload: { sdk: undefined as never } }], ['sdk']],
    ['an SDK that is too old', ['irsa', { workload: { sdk: { language: 'python', version: '1.20.0' } } }], ['sdk']],
    ['compute without an agent', ['irsa', { workload: { compute: 'fargate' } }], ['compute']],
    [
      'a wave that comes too early',
      ['irsa', { wave: { after: 'first' }, waves: [{ key: 'first', stages: {} }] }],
      ['wave-order'],
    ],
    ['nothing that the time decides', ['cutover', { since: undefined }], []],
  ])('%s', (_what, setting, checks) => {
    expect(failed(...setting)).toEqual(checks);
  });
});
