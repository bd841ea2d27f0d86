import type { Statement } from '../../../src/iam/PolicyDocument';
import type { Stage } from '../../../src/inventory/Inventory';
import { agreedWorld, NOW, pilotAt, portsTo } from '../agreedWorld';
import { collectEvidence } from '../gate/gateText';
import { ask, SOURCE } from './doctorWorld';

const { issuer } = agreedWorld(pilotAt('dual'));
const CLAIM = `${issuer.slice('https://'.length)}:sub`;
const allow = (more: Partial<Statement>): Statement => ({ Effect: 'Allow', Action: 's3:*', Resource: '*', ...more });

function caseAt(stage: Stage, statement: Statement, as: 'inline' | 'boundary' | 'managed') {
  const inventory = pilotAt(stage);
  const world = agreedWorld(inventory);
  const own = world.rolePolicies[SOURCE]!;
  const document = { Version: '2012-10-17', Statement: [statement] } as const;
  const arn = 'arn:aws:iam::aws:policy/AmazonEBSCSIDriverEKSClusterScopedPolicy';
  if (as === 'inline') world.rolePolicies[SOURCE] = { ...own, inline: { ...own.inline, more: document } };
  else world.managedPolicies = { [arn]: document };
  if (as === 'managed') world.rolePolicies[SOURCE] = { ...own, attached: [arn] };
  if (as === 'boundary') world.roles[SOURCE] = { ...world.roles[SOURCE]!, permissionsBoundary: arn };
  return { inventory, world };
}

async function statesAt(stage: Stage, statement: Statement, as: 'inline' | 'boundary' | 'managed' = 'inline') {
  const { findings } = await ask(caseAt(stage, statement, as));
  return findings.filter(({ check }) => check === 'session-keys').map(({ state }) => state);
}

async function gateAt(stage: Stage, statement: Statement, direction: 'forward' | 'back' = 'forward') {
  const { inventory, world } = caseAt(stage, statement, 'inline');
  const { evidence } = await collectEvidence(
    inventory,
    { wave: 'pilot', environment: 'prod', direction },
    portsTo(world),
    NOW,
  );
  return evidence.filter(({ check }) => check === 'session-keys').map(({ holds }) => holds);
}

const CLAIMED = allow({ Resource: `arn:aws:s3:::x/\${${CLAIM}}/*` });
const TAGGED = allow({
  Condition: { StringEquals: { 'aws:ResourceTag/eks-cluster': '${aws:PrincipalTag/eks-cluster-name}' } },
});
const NAMED: Statement = allow({
  Effect: 'Deny',
  Condition: { StringNotLike: { 'aws:userid': '*:botocore-session-*' } },
});

describe('policies that mean the same for one kind of session only', () => {
  it.each<[string, Statement, readonly Stage[], readonly Stage[]]>([
    ['a claim of the token in a resource', CLAIMED, ['prepared', 'dual', 'pod-identity'], ['irsa']],
    ['a session tag in a value', TAGGED, ['irsa', 'prepared'], ['dual', 'cutover', 'pod-identity']],
    ['the session’s name', NAMED, ['prepared', 'dual'], ['irsa']],
    [
      'the provider of the token',
      allow({ Condition: { Null: { 'aws:FederatedProvider': 'false' } } }),
      ['prepared', 'dual'],
      ['irsa'],
    ],
  ])('%s: the doctor warns at the stages where pods have no such session', async (_what, statement, warned, quiet) => {
    for (const stage of warned) expect([stage, await statesAt(stage, statement)]).toEqual([stage, ['warning']]);
    for (const stage of quiet) expect([stage, await statesAt(stage, statement)]).toEqual([stage, ['ok']]);
  });

  it.each(['boundary', 'managed'] as const)('are found in a %s policy too', async (as) => {
    expect(await statesAt('dual', CLAIMED, as)).toEqual(['warning']);
  });

  it('stop the step after which pods lose the permission, and no other', async () => {
    expect(await gateAt('irsa', CLAIMED)).toEqual([]);
    expect(await gateAt('prepared', CLAIMED)).toEqual(['no']);
    expect(await gateAt('prepared', NAMED)).toEqual(['no']);
    expect(await gateAt('prepared', TAGGED)).toEqual(['yes']);
    expect(await gateAt('dual', CLAIMED)).toEqual([]);
    expect(await gateAt('dual', CLAIMED, 'back')).toEqual([]);
  });

  it.each<[string, Statement, string, readonly Stage[], readonly Stage[]]>([
    [
      'for a claim of the token',
      allow({
        Principal: '*',
        Condition: { StringLike: { [CLAIM]: '*' }, StringEquals: { 'aws:SourceVpc': 'vpc-1' } },
      }),
      'no',
      ['prepared', 'dual'],
      ['irsa'],
    ],
    [
      'for everyone but the name of a session',
      { ...NAMED, Principal: '*' },
      'no',
      ['prepared', 'dual', 'pod-identity'],
      ['irsa'],
    ],
    [
      'for a session by name',
      allow({ Principal: { AWS: `arn:aws:sts::${SOURCE.replace('/', ':assumed-role/')}/api` } }),
      'no',
      ['prepared', 'dual'],
      ['irsa'],
    ],
    [
      'for another role',
      { ...NAMED, Principal: { AWS: 'arn:aws:iam::333333333333:role/other' } },
      'yes',
      [],
      ['irsa', 'prepared', 'dual'],
    ],
  ])('are found in a listed resource policy: %s', async (_what, statement, gate, warned, quiet) => {
    const listing = (stage: Stage) => {
      const document = { Version: '2012-10-17', Statement: [statement] } as const;
      const inventory = pilotAt(stage, { workload: { resourcePolicies: [{ file: 'bucket.json', document }] } });
      return { inventory, world: agreedWorld(inventory) };
    };
    for (const stage of [...warned, ...quiet]) {
      const { findings } = await ask(listing(stage));
      const [found] = findings.filter(({ check }) => check === 'session-keys');
      expect([stage, found?.state]).toEqual([stage, warned.includes(stage) ? 'warning' : 'ok']);
      if (warned.includes(stage)) expect(found?.found).toMatch(/bucket\.json, statement 0: /);
    }
    const { inventory, world } = listing('prepared');
    const { evidence } = await collectEvidence(
      inventory,
      { wave: 'pilot', environment: 'prod', direction: 'forward' },
      portsTo(world),
      NOW,
    );
    expect(evidence.filter(({ check }) => check === 'session-keys').map(({ holds }) => holds)).toEqual([gate]);
  });

  it.each<[string, Statement]>([
    [
      'a tag of the role',
      allow({ Condition: { StringEquals: { 'aws:PrincipalTag/podlift:workload': 'orders-api' } } }),
    ],
    ['the id of the role', allow({ Condition: { StringLike: { 'aws:userid': 'AROAEXAMPLEEXAMPLE123:*' } } })],
    ['the address', allow({ Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } })],
    ['a claim beside what no session meets', allow({ Condition: { StringEquals: { [CLAIM]: 'x' } } })],
    [
      'a variable with a default',
      allow({ Resource: "arn:aws:s3:::x/${aws:PrincipalTag/kubernetes-namespace, 'none'}/*" }),
    ],
  ])('are none that are on %s', async (_what, statement) => {
    for (const stage of ['irsa', 'prepared', 'dual', 'pod-identity'] as const)
      expect(await statesAt(stage, statement)).toEqual(['ok']);
  });
});
