import { compile } from '../../src/blueprint/compile';
import type { PolicyDocument, Statement } from '../../src/iam/PolicyDocument';
import { STAGES } from '../../src/inventory/Inventory';
import { NO_IMPORTS, environmentOf, inventoryOf, workloadOf } from './inventoryOf';

// Source of the hazard: taking an OIDC provider out of a trust policy by substring took GitHub's and other clusters' with it.
const GITHUB = {
  Sid: 'Deployments',
  Effect: 'Allow',
  Principal: { Federated: 'arn:aws:iam::333333333333:oidc-provider/token.actions.githubusercontent.com' },
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition: { StringLike: { 'token.actions.githubusercontent.com:sub': 'repo:acme/${aws:username}:*' } },
} as const;
const OTHER_CLUSTER = {
  Effect: 'Allow',
  Principal: { Federated: 'arn:aws:iam::333333333333:oidc-provider/oidc.eks.us-west-2.amazonaws.com/id/CCCC3333' },
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition: {
    StringEquals: { 'oidc.eks.us-west-2.amazonaws.com/id/CCCC3333:sub': 'system:serviceaccount:production:orders-api' },
  },
} as const;

const statements = ({ Statement }: PolicyDocument) => Statement as readonly Statement[];

describe('the trust of an adopted role', () => {
  it.each(STAGES)('keeps at %s the providers of GitHub and of another cluster, word for word', (stage) => {
    const role = {
      name: 'legacy',
      path: '/',
      adopt: true,
      tags: {},
      imports: NO_IMPORTS,
      keepTrust: [GITHUB, OTHER_CLUSTER],
    };
    const trustOf = (kept: typeof role | Omit<typeof role, 'keepTrust'>) =>
      compile(inventoryOf(environmentOf({ workloads: [workloadOf({ stage, role: kept })] })), 'prod').roles[0]!.trust;
    const { keepTrust, ...bare } = role;
    expect(statements(trustOf(role))).toEqual([...statements(trustOf(bare)), ...keepTrust]);
  });
});
