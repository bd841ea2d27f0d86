import { isDeepStrictEqual } from 'node:util';
import { compile } from '../../src/blueprint/compile';
import type { PolicyDocument, Statement } from '../../src/iam/PolicyDocument';
import { type KeptStatement, type Stage, STAGES, type Workload } from '../../src/inventory/Inventory';
import { clusterOf, environmentOf, inventoryOf, roleSettingsOf, workloadOf, type WorkloadParts } from './inventoryOf';

const statements = ({ Statement }: PolicyDocument) => Statement as readonly Statement[];
const MAIN = clusterOf();
const BATCH = clusterOf({ key: 'batch' });
const arnOf = (issuer: string) => `arn:aws:iam::333333333333:oidc-provider/${issuer.slice('https://'.length)}`;
const FOUND: KeptStatement = {
  Sid: 'Irsa',
  Effect: 'Allow',
  Principal: { Federated: arnOf(MAIN.oidc!.issuer) },
  Action: ['sts:AssumeRoleWithWebIdentity'],
  Condition: { StringLike: { [`${MAIN.oidc!.issuer.slice(8)}:sub`]: 'system:serviceaccount:production:orders-api' } },
};
const UNCONDITIONED: KeptStatement = {
  Effect: 'Allow',
  Principal: { Service: 'pods.eks.amazonaws.com' },
  Action: ['sts:AssumeRole', 'sts:TagSession'],
};

function compiled(parts: WorkloadParts, clusters = [MAIN, BATCH]) {
  const workload = workloadOf({ clusters: clusters.map(({ key }) => key), ...parts });
  return compile(inventoryOf(environmentOf({ clusters, workloads: [workload] })), 'prod');
}
const trustAt = (stage: Stage, parts: Partial<Workload['role']>) =>
  statements(compiled({ stage, role: roleSettingsOf({ adopt: true, ...parts }) }).roles[0]!.trust);

describe('adopted trust', () => {
  it.each(STAGES)('stands at %s in place of podlift’s own statement for its provider, and of no other', (stage) => {
    const own = trustAt(stage, {});
    const wanted = own.map((statement) =>
      JSON.stringify(statement.Principal) === JSON.stringify(FOUND.Principal) ? FOUND : statement,
    );
    const found = trustAt(stage, { adoptedTrust: { oidc: [FOUND] } });
    expect(new Set(found)).toEqual(new Set(wanted));
    expect(found).toHaveLength(own.length);
    expect(found.some((one) => isDeepStrictEqual(one, FOUND))).toBe(stage !== 'pod-identity');
  });

  it('stands for each of the providers that it lists, and one statement for all of them is enough', () => {
    const both = { ...FOUND, Principal: { Federated: [MAIN, BATCH].map(({ oidc }) => arnOf(oidc!.issuer)) } };
    expect(trustAt('irsa', { adoptedTrust: { oidc: [both] } })).toStrictEqual([both]);
  });

  it.each<[string, KeptStatement]>([
    ['names everybody', { ...FOUND, Principal: '*' }],
    ['names a service', UNCONDITIONED],
  ])('that %s stands beside podlift’s own statements', (_what, statement) => {
    const own = trustAt('irsa', {});
    expect(trustAt('irsa', { adoptedTrust: { oidc: [statement] } })).toStrictEqual([statement, ...own]);
  });

  it('reaches AWS without the reason that the inventory gives', () => {
    const adoptedTrust = { oidc: [{ ...FOUND, because: 'The old tool wrote it.' }] };
    expect(trustAt('irsa', { adoptedTrust })).toContainEqual(FOUND);
  });

  it.each(STAGES)('for Pod Identity stands at %s only where the stage trusts Pod Identity', (stage) => {
    const found = trustAt(stage, { adoptedTrust: { podIdentity: [UNCONDITIONED] } });
    const service = found.filter(({ Principal }) => typeof Principal === 'object' && 'Service' in Principal);
    expect(service).toEqual(stage === 'irsa' ? [] : [UNCONDITIONED]);
  });
});

it.each([
  [{}, { Version: '2012-10-17' }],
  [
    { version: '2008-10-17', id: 'mine' },
    { Version: '2008-10-17', Id: 'mine' },
  ],
  [{ version: 'none' }, {}],
] as const)('the version and the Id of an adopted trust policy stay at every stage: %j', (adoptedTrust, written) => {
  for (const stage of STAGES) {
    const { Statement: _, ...frame } = compiled({ stage, role: roleSettingsOf({ adopt: true, adoptedTrust }) })
      .roles[0]!.trust;
    expect(frame).toStrictEqual(written);
  }
});

describe('what was found with a role', () => {
  it('is on it beside what podlift writes: description, tags of others, whole inline policies', () => {
    const document = { Version: '2008-10-17', Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' } } as const;
    const role = roleSettingsOf({
      adopt: true,
      description: 'Reads.',
      tags: { Team: 'shop', 'podlift:workload': 'no' },
    });
    const workload = workloadOf();
    const { roles } = compiled({ role, permissions: { ...workload.permissions, inlinePolicies: { old: document } } });
    expect(roles[0]).toMatchObject({
      description: 'Reads.',
      tags: { Team: 'shop', 'podlift:workload': 'orders-api', 'podlift:environment': 'prod' },
      inlinePolicies: [{ name: 'old', document }],
    });
    expect(roles[0]!.inline).toBeDefined();
  });

  it('names associations to import on their own clusters only', () => {
    const imports = { managedPolicies: [], inlinePolicies: [], associations: { batch: 'a-1' } };
    const { associations } = compiled({ stage: 'dual', role: roleSettingsOf({ adopt: true, imports }) });
    expect(associations.map(({ cluster, importId }) => [cluster, importId])).toEqual([
      ['main', undefined],
      ['batch', 'a-1'],
    ]);
  });
});

it.each([
  [{ adopt: true }, 1],
  [{ adopt: false, keep: true }, 1],
  [{ adopt: false, keep: false }, 0],
  [{ adopt: false }, 0],
])('an agent with %j stays while nothing on its cluster needs it', (settings, count) => {
  const cluster = clusterOf({ agent: { version: 'v1.3.4-eksbuild.1', ...settings } });
  expect(compiled({ stage: 'irsa' }, [cluster]).agents).toHaveLength(count);
});
