import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { KeptStatement } from '../../src/inventory/Inventory';
import { proveInventory } from '../../src/proof/proveInventory';
import { clusterOf, environmentOf, inventoryOf, roleSettingsOf, targetOf, workloadOf } from '../blueprint/inventoryOf';

// Trust policies of the role of shop/w on the cluster main of account 111122223333, which the role keeps beside podlift's own statements.

interface LabelledPolicy {
  readonly name: string;
  /** Where it is documented. */
  readonly source?: string;
  /** The role has them in place of podlift's own statements of a mode. Default: beside these. */
  readonly adopted?: 'oidc' | 'podIdentity';
  /** Whether the workload has a target role, which reads session tags. */
  readonly target?: true;
  readonly statements: readonly KeptStatement[];
  /** Who else gets the role, with the index of the statement; `under conditions` where the proof cannot tell. */
  readonly strangers: readonly string[];
  /** The rules of the proof that fail. */
  readonly fails: readonly string[];
}

const HOME = '111122223333';
const CLUSTER = clusterOf({
  arn: `arn:aws:eks:eu-west-1:${HOME}:cluster/main`,
  name: 'main',
  oidc: { issuer: 'https://oidc.eks.eu-west-1.amazonaws.com/id/A', provider: 'existing', adopt: false },
});

function proofOf({ statements, adopted, target }: Pick<LabelledPolicy, 'statements' | 'adopted' | 'target'>) {
  const trust = adopted === undefined ? { keepTrust: statements } : { adoptedTrust: { [adopted]: statements } };
  const role = roleSettingsOf({ name: 'w', adopt: true, ...trust });
  const workload = workloadOf({ key: 'w', namespace: 'shop', role, ...(target && { targets: [targetOf()] }) });
  const environment = environmentOf({ account: { key: 'apps', id: HOME }, clusters: [CLUSTER], workloads: [workload] });
  return proveInventory(inventoryOf(environment));
}

function answerTo(policy: LabelledPolicy): Pick<LabelledPolicy, 'strangers' | 'fails'> {
  const { failures } = proofOf(policy);
  const strangers = failures
    .filter(({ rule }) => rule === 'proof-attack')
    .flatMap(({ path, who, what, also = [] }) => {
      const index = /^workloads\.w\.role\.keepTrust\[(\d+)\]$/.exec(path)?.[1] ?? path;
      const when = what.endsWith('under conditions') ? ', under conditions' : '';
      return [who, ...also].map((one) => `${index}: ${one}${when}`);
    });
  return { strangers, fails: [...new Set(failures.map(({ rule }) => rule))].toSorted() };
}

const FOLDER = join(__dirname, 'corpus');
const corpus = readdirSync(FOLDER).flatMap((file) =>
  (parse(readFileSync(join(FOLDER, file), 'utf8')) as readonly LabelledPolicy[]).map(
    (policy) => [`${file}: ${policy.name}`, policy] as const,
  ),
);

describe('a trust policy of the corpus is judged exactly', () => {
  it.each(corpus)('%s', (_, policy) => {
    expect(answerTo(policy)).toEqual({ strangers: policy.strangers, fails: policy.fails });
  });
});

it.each(corpus.filter(([, { strangers }]) => strangers.length > 0))(
  'a reason in each statement accepts whom %s admits',
  (_, { fails, ...policy }) => {
    const statements = policy.statements.map((statement) => ({ ...statement, because: 'it is intended' }));
    const { failures, accepted } = proofOf({ ...policy, statements });
    const others = fails.filter((rule) => rule !== 'proof-attack');
    expect([...new Set(failures.map(({ rule }) => rule))].toSorted()).toEqual(others);
    expect(accepted.length).toBeGreaterThan(0);
  },
);

it('the corpus has sixty policies at least, each with a name of its own', () => {
  expect(new Set(corpus.map(([name]) => name)).size).toBeGreaterThanOrEqual(60);
});
