import { compileWorkload } from '../../../src/blueprint/compileWorkload';
import { type Stage, STAGES } from '../../../src/inventory/Inventory';
import type { PolicyDocument, Statement } from '../../../src/iam/PolicyDocument';
import { roleSettingsOf, targetOf } from '../../blueprint/inventoryOf';
import { agreedWorld, NOW, pilotAt, portsTo, type Setting } from '../agreedWorld';
import { collectEvidence } from './gateText';

const KEY = '333333333333/prod-orders-api';
const role = roleSettingsOf({ manage: 'external' });
const inventoryAt = (stage: Stage, setting: Setting = {}) => pilotAt(stage, { workload: { role }, ...setting });

function trustAt(stage: Stage): PolicyDocument {
  const [environment] = inventoryAt(stage).environments;
  return compileWorkload(environment!, environment!.workloads[0]!).role.trust;
}

/** What the gate says of a check of the wave, with this trust policy in AWS. */
async function gateWith(
  stage: Stage,
  direction: 'forward' | 'back',
  trust: PolicyDocument,
  setting: Setting = {},
  change?: (world: ReturnType<typeof agreedWorld>) => void,
) {
  const inventory = inventoryAt(stage, setting);
  const world = agreedWorld(inventory);
  world.roles[KEY] = { ...world.roles[KEY]!, trust, tags: { team: 'ledger' } };
  change?.(world);
  const { evidence } = await collectEvidence(
    inventory,
    { wave: 'pilot', environment: 'prod', direction },
    portsTo(world),
    NOW,
  );
  const of = (check: string) => evidence.filter((one) => one.check === check);
  const [worst = 'yes'] = (['no', 'unknown'] as const).filter((holds) =>
    of('trust').some((one) => one.holds === holds),
  );
  return { holds: worst, trust: of('trust'), of };
}

const ONLY_OIDC = trustAt('irsa');
const BOTH = trustAt('dual');
const ONLY_POD_IDENTITY = trustAt('pod-identity');
const GITHUB: Statement = {
  Effect: 'Allow',
  Principal: { Federated: 'arn:aws:iam::333333333333:oidc-provider/token.actions.githubusercontent.com' },
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition: { StringEquals: { 'token.actions.githubusercontent.com:sub': 'repo:acme/ledger:ref:refs/heads/main' } },
};
const withGithub = (document: PolicyDocument): PolicyDocument => ({
  ...document,
  Statement: [...(document.Statement as readonly Statement[]), GITHUB],
});

describe('the gate of a step with an external role', () => {
  it.each([
    // Before every step AWS has both trusts: no apply of podlift writes what is missing.
    ['irsa', 'forward', 'both', 'yes'],
    ['irsa', 'forward', 'oidc', 'no'],
    ['irsa', 'forward', 'pod-identity', 'no'],
    ['prepared', 'forward', 'both', 'yes'],
    ['prepared', 'forward', 'oidc', 'no'],
    ['prepared', 'forward', 'pod-identity', 'no'],
    ['dual', 'forward', 'both', 'yes'],
    ['dual', 'forward', 'pod-identity', 'no'],
    ['dual', 'forward', 'oidc', 'no'],
    ['cutover', 'forward', 'both', 'yes'],
    ['cutover', 'forward', 'oidc', 'no'],
    ['pod-identity', 'back', 'both', 'yes'],
    ['pod-identity', 'back', 'pod-identity', 'no'],
    ['cutover', 'back', 'both', 'yes'],
    ['cutover', 'back', 'pod-identity', 'no'],
    ['dual', 'back', 'both', 'yes'],
    ['dual', 'back', 'pod-identity', 'no'],
    ['prepared', 'back', 'both', 'yes'],
    ['prepared', 'back', 'pod-identity', 'no'],
    // An owner who narrows early harms nobody whom the other checks do not find.
    ['cutover', 'forward', 'pod-identity', 'yes'],
    ['prepared', 'back', 'oidc', 'yes'],
  ] as const)('from %s %s, with the trust of %s: %s', async (stage, direction, standing, holds) => {
    const trust = { both: BOTH, oidc: ONLY_OIDC, 'pod-identity': ONLY_POD_IDENTITY }[standing];
    expect((await gateWith(stage, direction, trust)).holds).toBe(holds);
  });

  it.each([
    ['irsa', 'forward', ONLY_OIDC, 'prepared'],
    ['prepared', 'forward', ONLY_OIDC, 'prepared'],
    ['pod-identity', 'back', ONLY_POD_IDENTITY, 'cutover'],
    ['dual', 'back', ONLY_POD_IDENTITY, 'dual'],
  ] as const)(
    'from %s %s says what the owner must write, and never to apply',
    async (stage, direction, trust, write) => {
      const { trust: found } = await gateWith(stage, direction, trust);
      const remedies = found.filter(({ holds }) => holds === 'no').map(({ remedy = '' }) => remedy);
      expect(remedies.length).toBeGreaterThan(0);
      for (const remedy of remedies) {
        expect(remedy).toMatch(/The owner of role prod-orders-api must write its trust policy of the stage/);
        expect(remedy).toContain(`npx podlift trust orders-api --environment prod --stage ${write}`);
        expect(remedy).not.toMatch(/cdktf|apply/);
      }
    },
  );

  it('warns of statements that only AWS has, and says to keep them before the owner writes', async () => {
    const { holds, trust } = await gateWith('prepared', 'forward', withGithub(BOTH));
    expect(holds).toBe('yes');
    expect(trust.some(({ warning, remedy = '' }) => warning === true && remedy.includes('keepTrust'))).toBe(true);
    const before = await gateWith('irsa', 'forward', withGithub(ONLY_OIDC));
    const [failed] = before.trust.filter(({ holds: one }) => one === 'no');
    expect(failed!.remedy).toMatch(/^First: the role has 1 statement that is not in the inventory.*role\.keepTrust/);
  });

  it('has nothing to keep where keepTrust has the statement', async () => {
    const kept = { workload: { role: { ...role, keepTrust: [GITHUB as never] } } };
    const { holds, trust } = await gateWith('prepared', 'forward', withGithub(BOTH), kept);
    expect([holds, trust.some(({ warning }) => warning === true)]).toEqual(['yes', false]);
  });

  it('does not accept a trust policy that lets in every account of every cluster', async () => {
    const open: Statement = {
      Effect: 'Allow',
      Principal: { Service: 'pods.eks.amazonaws.com' },
      Action: ['sts:AssumeRole', 'sts:TagSession'],
    };
    const oidc = ONLY_OIDC.Statement as readonly Statement[];
    const trust = { ...BOTH, Statement: [...oidc, open] };
    const { holds, trust: found } = await gateWith('prepared', 'forward', trust);
    expect(holds).toBe('no');
    expect(found.find((one) => one.holds === 'no')!.found).toMatch(/admits other pods through Pod Identity/);
    // An operator rolls back because Pod Identity does not work: this costs no pod its role.
    expect((await gateWith('dual', 'back', trust)).holds).toBe('yes');
  });

  it('compares no permission: they are the owner’s', async () => {
    const { of } = await gateWith('prepared', 'forward', BOTH, {}, (world) => {
      world.rolePolicies[KEY] = { attached: ['arn:aws:iam::333333333333:policy/theirs'], inline: {} };
    });
    expect(of('permissions').map(({ holds }) => holds)).toEqual(['yes']);
  });

  it('asks for what a hop needs, and says that the owner writes it', async () => {
    const hop = { targets: [targetOf()] };
    const { of } = await gateWith('prepared', 'forward', BOTH, hop, (world) => {
      const read: PolicyDocument = {
        Version: '2012-10-17',
        Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' },
      };
      world.rolePolicies[KEY] = { attached: [], inline: { theirs: read } };
    });
    const [failed] = of('target-hop').filter(({ holds }) => holds === 'no');
    expect(failed!.remedy).toMatch(
      /^The owner of role prod-orders-api must allow sts:AssumeRole and sts:TagSession on /,
    );
    expect(failed!.remedy).not.toMatch(/cdktf/);
  });

  it('never asks for a role of podlift: no tag, no other owner', async () => {
    const { of } = await gateWith('prepared', 'forward', BOTH, {}, (world) => {
      world.roles[KEY] = { ...world.roles[KEY]!, tags: { 'aws:cloudformation:stack-name': 'ledger' } };
    });
    expect(of('adoption').filter(({ warning, holds }) => warning === true || holds !== 'yes')).toEqual([]);
  });
});

describe('the stages of an external role', () => {
  it('are all at the agreed world without a problem of trust', async () => {
    for (const stage of STAGES.slice(1, 4))
      expect((await gateWith(stage, 'forward', trustAt(stage))).holds).toBe('yes');
  });
});
