import fc from 'fast-check';
import { isForward, planWalk } from '../../src/rehearsal/planWalk';
import { setStage } from '../../src/inventory/edit/setStage';
import { checkSources } from '../../src/inventory/loadInventory';
import { parseSource } from '../../src/inventory/source/parseSource';
import { type Inventory, STAGES } from '../../src/inventory/Inventory';
import { proveInventory } from '../../src/proof/proveInventory';

const OIDC = 'https://oidc.eks.us-west-2.amazonaws.com/id';
const ENVIRONMENTS = ['dev', 'prod'];

/** An inventory as a team would write it: comments, both styles of maps, workloads of every kind in two waves. */
const texts: fc.Arbitrary<string> = fc
  .record({
    clusters: fc.integer({ min: 1, max: 3 }),
    kinds: fc.array(fc.constantFrom('plain', 'hop', 'chained', 'untagged'), { minLength: 1, maxLength: 4 }),
    waves: fc.constantFrom('flow', 'block'),
  })
  .map(({ clusters, kinds, waves }) => {
    const names = Array.from({ length: clusters }, (_, index) => `c${index}`);
    const environment = (key: string, account: string, offset: string) =>
      `  ${key}:\n    account: ${account}\n    region: us-west-2\n    clusters:\n${names
        .map(
          (name, index) =>
            `      ${name}: # cluster ${index}\n        name: ${key}-${name}\n        version: "1.33"\n        oidc: { issuer: "${OIDC}/${offset}${index}" }\n        agent: { version: v1.3.4-eksbuild.1 }\n`,
        )
        .join('')}`;
    const workloads = kinds.map((kind, index) => {
      const via = kind === 'chained' ? 'association' : 'workload';
      const targets = kind === 'plain' ? '' : `    targets: { ledger: { account: data, via: ${via} } }\n`;
      const tags = kind === 'untagged' ? '    sessionTags: false # told apart by its role\n' : '';
      return `  w${index}:\n    wave: ${index % 2 === 0 ? 'pilot' : 'core'}\n    namespace: shop\n    serviceAccount: w${index}\n${tags}${targets}`;
    });
    const stages = waves === 'flow' ? '{ dev: irsa, prod: irsa }' : '\n      dev: irsa # first\n      prod: irsa';
    return `version: 1\n# accounts first\naccounts: { one: { id: "111111111111" }, two: { id: "222222222222" }, data: { id: "444444444444" } }\nenvironments:\n${environment('dev', 'one', 'D')}${environment('prod', 'two', 'A')}waves:\n  pilot:\n    stages: ${stages}\n  core:\n    after: pilot\n    stages: ${stages}\nworkloads:\n${workloads.join('')}`;
  });

function load(text: string): Inventory {
  const { source, findings } = parseSource(text, 'inventory.yaml');
  const loaded = checkSources({ sources: [source!], findings, files: ['inventory.yaml'], complete: true });
  expect(loaded.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  return loaded.inventory!;
}

it('at each point of a walk forward and back, the proof holds and the comments are there', () => {
  fc.assert(
    fc.property(texts, fc.constantFrom(...STAGES), fc.constantFrom(...ENVIRONMENTS), (text, to, environment) => {
      const comments = text.match(/#.*$/gm);
      let walked = text;
      const { waves } = load(text);
      for (const move of planWalk({ waves, environment, rehearsed: ['pilot', 'core'], to })) {
        const edited = setStage(
          { file: 'inventory.yaml', text: walked },
          { ...move, environment, stage: move.to, since: '2026-11-21T00:00:00Z' },
        );
        if (!('edit' in edited)) throw new Error(edited.refusal.message);
        walked = edited.edit.text;
        expect(walked.match(/#.*$/gm)).toEqual(comments);
        expect(
          proveInventory(load(walked)).failures.map(({ message }) => `${isForward(move) ? '' : 'back: '}${message}`),
        ).toEqual([]);
      }
      // Every wave stands where it stood, with the time since which it does.
      expect(walked.replace(/\{ stage: irsa, since: 2026-11-21T00:00:00Z \}/g, 'irsa')).toBe(text);
    }),
    { numRuns: 25 },
  );
});
