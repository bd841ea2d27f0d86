import type { Cluster, Environment, Inventory } from '../../../src/inventory/Inventory';
import type { Answer, RoleFacts } from '../../../src/estate/aws/AwsPort';
import type { ClusterSurvey, SurveyedRole } from '../../../src/operations/discover/ClusterSurvey';
import { clusterOf, environmentOf, inventoryOf } from '../../blueprint/inventoryOf';
import { addonOf, containerOf, roleFactsOf, serviceAccountOf } from '../facts';
import { arnOf, ISSUER, PROVIDER, type Shape } from './shapes';

// A survey in memory, as the ports would give it for some shapes.

export const NOW = new Date('2026-11-21T12:00:00.500Z');

export const MAIN: Cluster = clusterOf({
  key: 'main',
  name: 'prod-main',
  oidc: { issuer: ISSUER, provider: 'existing', adopt: false },
});

/** The cluster's entry where nobody wrote a field. */
export function clusterWithout(field: 'oidc' | 'agent'): Cluster {
  return Object.fromEntries(Object.entries(MAIN).filter(([key]) => key !== field)) as unknown as Cluster;
}

export function inventoryWith(environment: Partial<Environment> = {}, more: Partial<Inventory> = {}): Inventory {
  return { ...inventoryOf(environmentOf({ clusters: [MAIN], workloads: [], ...environment })), ...more };
}

export const answered = <T>(value: T): Answer<T> => ({ ok: true, value });
export const refused = (message = 'AccessDenied'): Answer<never> => ({ ok: false, why: 'denied', message });

export function surveyedRole({ role }: Pick<Shape, 'role'>, parts: Partial<SurveyedRole> = {}): SurveyedRole {
  const { name, path, account, trust, description, permissionsBoundary, maxSessionDuration, tags, attached, inline } =
    role;
  const facts: RoleFacts = roleFactsOf({
    arn: arnOf(name, path, account),
    trust,
    lastUsed: '2026-11-20T00:00:00Z',
    ...(description !== undefined && { description }),
    ...(permissionsBoundary !== undefined && { permissionsBoundary }),
    ...(maxSessionDuration !== undefined && { maxSessionDuration }),
    ...(tags !== undefined && { tags }),
  });
  return {
    facts,
    policies: answered({ attached: attached ?? [], inline: inline ?? {} }),
    assumesItself: answered(name === 'self'),
    ...parts,
  };
}

export function surveyOf(shapes: readonly Shape[], parts: Partial<ClusterSurvey> = {}): ClusterSurvey {
  const arn = ({ role }: Shape) => arnOf(role.name, role.path, role.account);
  const split = (of: string) => of.split('/') as [string, string];
  return {
    cluster: answered({
      arn: MAIN.arn,
      status: 'ACTIVE',
      version: '1.33',
      platformVersion: 'eks.1',
      autoMode: false,
      issuer: ISSUER,
    }),
    contextIssuer: answered(ISSUER),
    oidcProvider: answered({ arn: PROVIDER, audiences: ['sts.amazonaws.com'] }),
    addons: answered([
      addonOf(),
      addonOf({ name: 'aws-ebs-csi-driver', serviceAccountRoleArn: arnOf('AmazonEKS_EBS_CSI_DriverRole') }),
    ]),
    serviceAccounts: answered(
      shapes.map((shape) =>
        serviceAccountOf(...split(shape.of), shape.annotated ? { 'eks.amazonaws.com/role-arn': arn(shape) } : {}),
      ),
    ),
    associations: answered(
      shapes.flatMap((shape, index) => {
        if (shape.association === undefined) return [];
        const [namespace, serviceAccount] = split(shape.of);
        return [
          {
            id: `a-${index}`,
            namespace,
            serviceAccount,
            roleArn: arn(shape),
            disableSessionTags: false,
            tags: {},
            ...shape.association,
          },
        ];
      }),
    ),
    pods: answered(
      shapes.map(({ of, node = 'ip-10-0-0-1', image = 'app' }) => {
        const [namespace, serviceAccount] = split(of);
        return {
          namespace,
          name: `${serviceAccount}-0`,
          serviceAccount,
          node,
          phase: 'Running',
          ready: true,
          ending: false,
          labels: {},
          hostNetwork: false,
          containers: [containerOf({ image })],
          tokenVolumes: {},
        };
      }),
    ),
    nodes: answered([
      { name: 'ip-10-0-0-1', os: 'linux' },
      { name: 'fargate-1', os: 'linux', computeType: 'fargate' },
      { name: 'windows-1', os: 'windows' },
    ]),
    roles: Object.fromEntries(
      // Of shapes with one role, the first one says what it is.
      shapes.toReversed().map((shape) => [arn(shape), answered(surveyedRole(shape))]),
    ),
    ...parts,
  };
}
