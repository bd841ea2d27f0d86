import type { Statement } from '../../src/iam/PolicyDocument';
import type { StageParts } from '../../src/proof/stagedWorkload';
import { isService, onTargets, onTrust, provedWith, without } from './proofFixtures';

type Tamper = (parts: StageParts) => StageParts;

const ROLE = 'arn:aws:iam::333333333333:role/prod-plain';

function onAssociations(edit: Partial<StageParts['associations'][number]>): Tamper {
  return (parts) => ({ ...parts, associations: parts.associations.map((one) => ({ ...one, ...edit })) });
}

function atStages(stages: readonly string[], tamper: Tamper): Tamper {
  return (parts) => (stages.includes(parts.stage) ? tamper(parts) : parts);
}

/** The trust policy that the source role has at a stage, at another stage. */
function trustOf(stage: string, at: string): Tamper {
  let trust: StageParts['role']['trust'] | undefined;
  provedWith('plain', (parts) => {
    if (parts.stage === stage) trust = parts.role.trust;
    return parts;
  });
  return atStages([at], (parts) => ({ ...parts, role: { ...parts.role, trust: trust! } }));
}

const withoutPermissions: Tamper = (parts) => ({
  ...parts,
  role: { ...parts.role, inline: { Version: '2012-10-17', Statement: [] } },
});

/** What people read, with the rule and the place in the inventory: names and messages are all that many of them see. */
function readOf(key: string, tamper: Tamper): readonly string[] {
  return provedWith(key, tamper).failures.map(({ rule, path, message }) => `${rule} at ${path} ${message}`);
}

describe('of a pod that does not get its role, people read which stages and clusters, and why', () => {
  it.each<[string, string, Tamper, readonly string[]]>([
    [
      'an association with another role',
      'plain',
      onAssociations({ roleArn: 'arn:aws:iam::333333333333:role/other' }),
      [
        `proof-path at workloads.plain in prod at dual, cutover and pod-identity, on main and batch: a new pod of production/plain on Pod Identity does not get role prod-plain: the association gives arn:aws:iam::333333333333:role/other instead of ${ROLE}`,
      ],
    ],
    [
      'an association of another service account alone',
      'plain',
      onAssociations({ serviceAccount: 'default' }),
      [
        `proof-new-pod at workloads.plain in prod at dual, on main and batch: a new pod of production/plain gets IRSA: the stage table promises Pod Identity; there is no association, and the service account has {"eks.amazonaws.com/role-arn":"${ROLE}"}`,
        'proof-new-pod at workloads.plain in prod at cutover and pod-identity, on main and batch: a new pod of production/plain gets no credentials: the stage table promises Pod Identity; there is no association, and the service account has {}',
      ],
    ],
    [
      'an association with another target',
      'chained',
      onAssociations({ targetRoleArn: 'arn:aws:iam::444444444444:role/other' }),
      [
        'proof-path at workloads.chained.targets.ledger in prod at dual, cutover and pod-identity, on main and batch: a new pod of production/chained on Pod Identity cannot assume role prod-chained-ledger in data-prod (target ledger): the association does not name arn:aws:iam::444444444444:role/prod-chained-ledger as its target role',
      ],
    ],
    [
      'a trust policy that does not let EKS tag the session',
      'plain',
      atStages(
        ['pod-identity'],
        onTrust((s) => ({ ...s, Action: 'sts:AssumeRole' })),
      ),
      [
        'proof-path at workloads.plain in prod at pod-identity, on main and batch: a new pod of production/plain on Pod Identity does not get role prod-plain: sts:TagSession is denied: no resource policy allows it. trust policy of prod-plain, statement 0 does not name this action: Action "sts:AssumeRole"',
      ],
    ],
    [
      'a trust policy with two other values',
      'plain',
      atStages(
        ['pod-identity'],
        onTrust((s) => ({
          ...s,
          Condition: { StringEquals: { 'aws:SourceAccount': '000000000000', 'aws:SourceArn': 'arn:x' } },
        })),
      ),
      ['main', 'batch'].map(
        (cluster) =>
          `proof-path at workloads.plain in prod at pod-identity, on ${cluster}: a new pod of production/plain on Pod Identity does not get role prod-plain: sts:AssumeRole is denied: no resource policy allows it. trust policy of prod-plain, statement 0 would allow it, but not under these conditions: StringEquals aws:SourceAccount: wanted "000000000000", found "333333333333"; StringEquals aws:SourceArn: wanted "arn:x", found "arn:aws:eks:us-west-2:333333333333:cluster/prod-${cluster}"`,
      ),
    ],
    [
      'a source role without the right to assume the target',
      'untagged-hops',
      atStages(['irsa'], withoutPermissions),
      [
        'proof-path at workloads.untagged-hops.targets.ledger in prod at irsa, on main and batch: a new pod of production/untagged-hops on IRSA cannot assume role prod-untagged-hops-ledger in data-prod (target ledger): sts:AssumeRole is denied: no identity policy allows it. No Allow statement applies to it.',
      ],
    ],
    [
      'an annotation with another role',
      'plain',
      (parts) => ({
        ...parts,
        serviceAccounts: parts.serviceAccounts.map((one) => ({
          ...one,
          annotations: { 'eks.amazonaws.com/role-arn': 'x' },
        })),
      }),
      [
        'proof-new-pod at workloads.plain in prod at irsa and prepared, on main and batch: a new pod of production/plain gets no credentials: the stage table promises IRSA; there is no association, and the service account has {"eks.amazonaws.com/role-arn":"x"}',
      ],
    ],
    [
      'no service account at all',
      'plain',
      atStages(['prepared'], (parts) => ({ ...parts, serviceAccounts: [] })),
      [
        'proof-new-pod at workloads.plain in prod at prepared, on main and batch: a new pod of production/plain gets no credentials: the stage table promises IRSA; there is no association, and the service account has {}',
      ],
    ],
    [
      'no association on one cluster',
      'plain',
      atStages(['dual'], (parts) => ({ ...parts, associations: parts.associations.slice(0, 1) })),
      [
        `proof-new-pod at workloads.plain in prod at dual, on batch: a new pod of production/plain gets IRSA: the stage table promises Pod Identity; there is no association, and the service account has {"eks.amazonaws.com/role-arn":"${ROLE}"}`,
      ],
    ],
  ])('%s', (_, key, tamper, messages) => {
    const ofStages = readOf(key, tamper).filter((line) => /^proof-(path|new-pod) /.test(line));
    expect(ofStages).toEqual(messages);
  });
});

describe('of a step that takes a role from pods, people read the state in which they lose it', () => {
  it.each<[string, string, Tamper, readonly string[]]>([
    [
      'trust that goes together with the annotation',
      'plain',
      onTrust((s) => (isService(s) ? s : undefined), ['cutover']),
      [
        'proof-one-change at workloads.plain in prod in the step dual → cutover: workload plain changes trust policies and annotations at once: a step changes one kind of thing',
        'proof-one-change at workloads.plain in prod in the step cutover → pod-identity: workload plain changes nothing: a step changes one kind of thing',
        'proof-step at workloads.plain in prod in the step dual → cutover (source trust new, annotation still old), on main and batch: a running pod of production/plain on IRSA does not get role prod-plain: sts:AssumeRoleWithWebIdentity is denied: no resource policy allows it. trust policy of prod-plain, statement 0 does not name this caller: Principal {"Service":"pods.eks.amazonaws.com"}',
      ],
    ],
    [
      'an association that comes together with its trust',
      'plain',
      onTrust((s) => (isService(s) ? undefined : s), ['prepared']),
      [
        'proof-one-change at workloads.plain in prod in the step irsa → prepared: workload plain changes nothing: a step changes one kind of thing',
        'proof-one-change at workloads.plain in prod in the step prepared → dual: workload plain changes trust policies and associations at once: a step changes one kind of thing',
        'proof-association at workloads.plain in prod in the step prepared → dual (association new, source trust still old), on main and batch: the association of production/plain is refused by EKS: sts:AssumeRole is denied: no resource policy allows it. trust policy of prod-plain, statement 0 does not name this caller: Principal {"Federated":"arn:aws:iam::333333333333:oidc-provider/oidc.eks.us-west-2.amazonaws.com/id/BATCH000000000000000000000000000"}; trust policy of prod-plain, statement 1 does not name this caller: Principal {"Federated":"arn:aws:iam::333333333333:oidc-provider/oidc.eks.us-west-2.amazonaws.com/id/MAIN0000000000000000000000000000"}',
        'proof-association at workloads.plain in prod in the step dual → prepared (source trust new, association still old), on main and batch: the association of production/plain is refused by EKS: sts:AssumeRole is denied: no resource policy allows it. trust policy of prod-plain, statement 0 does not name this caller: Principal {"Federated":"arn:aws:iam::333333333333:oidc-provider/oidc.eks.us-west-2.amazonaws.com/id/BATCH000000000000000000000000000"}; trust policy of prod-plain, statement 1 does not name this caller: Principal {"Federated":"arn:aws:iam::333333333333:oidc-provider/oidc.eks.us-west-2.amazonaws.com/id/MAIN0000000000000000000000000000"}',
      ],
    ],
    [
      'permissions that go for one stage: the pods of the stages around it lose the target, as does a pod of the step back',
      'hops',
      atStages(['dual'], withoutPermissions),
      [
        'proof-one-change at workloads.hops in prod in the step prepared → dual: workload hops changes permissions and associations at once: a step changes one kind of thing',
        'proof-one-change at workloads.hops in prod in the step dual → cutover: workload hops changes permissions and annotations at once: a step changes one kind of thing',
        ...['ledger', 'second'].map(
          (target) =>
            `proof-path at workloads.hops.targets.${target} in prod at dual, on main and batch: a new pod of production/hops on Pod Identity cannot assume role prod-hops-${target} in data-prod (target ${target}): sts:AssumeRole is denied: no identity policy allows it. No Allow statement applies to it.`,
        ),
        ...[
          ['prepared → dual (inline policy new, association still old)', 'a running pod of production/hops on IRSA'],
          ['dual → prepared (association new, inline policy still old)', 'a new pod of production/hops on IRSA'],
          [
            'cutover → dual (inline policy new, annotation still old)',
            'a running pod of production/hops on Pod Identity',
          ],
        ].map(
          ([step, who]) =>
            `proof-step at workloads.hops.targets.ledger in prod in the step ${step!}, on main and batch: ${who!} cannot assume role prod-hops-ledger in data-prod (target ledger): sts:AssumeRole is denied: no identity policy allows it. No Allow statement applies to it.`,
        ),
      ],
    ],
  ])('%s', (_, key, tamper, messages) => {
    expect(readOf(key, tamper)).toEqual(messages);
  });
});

describe('of a mode that stays open, people read which one, and which statement leaves it open', () => {
  it.each<[string, string, () => Tamper, readonly string[]]>([
    [
      'IRSA after the last step',
      'plain',
      () => trustOf('dual', 'pod-identity'),
      [
        'proof-one-change at workloads.plain in prod in the step cutover → pod-identity: workload plain changes nothing: a step changes one kind of thing',
        // The statements of a document are in the order of the issuers' names.
        ...Object.entries({ main: 1, batch: 0 }).map(
          ([cluster, index]) =>
            `proof-expected-loss at workloads.plain in prod in the step cutover → pod-identity, on ${cluster}: a running pod of production/plain on IRSA still gets role prod-plain, though the step must close this mode: sts:AssumeRoleWithWebIdentity is allowed by trust policy of prod-plain, statement ${index}.`,
        ),
      ],
    ],
    [
      'Pod Identity before the first step',
      'plain',
      () => trustOf('dual', 'irsa'),
      [
        'proof-one-change at workloads.plain in prod in the step irsa → prepared: workload plain changes nothing: a step changes one kind of thing',
        'proof-closed-mode at workloads.plain in prod at irsa, on main and batch: production/plain through Pod Identity still gets role prod-plain, though no pod can use that mode: sts:AssumeRole is allowed by trust policy of prod-plain, statement 2.',
      ],
    ],
    [
      'IRSA at a target',
      'untagged-chained',
      () => onTargets((s) => without(s, 'sts:ExternalId')),
      [
        'proof-closed-mode at workloads.untagged-chained.targets.ledger in prod at pod-identity, on main and batch: production/untagged-chained through IRSA still gets role prod-untagged-chained-ledger, though no pod can use that mode: sts:AssumeRole is allowed by trust policy of prod-untagged-chained-ledger, statement 0 (ExternalIdHop).',
      ],
    ],
  ])('%s', (_, key, tamper, messages) => {
    expect(readOf(key, tamper())).toEqual(messages);
  });
});

describe('of others that get a target role, people read who they are', () => {
  const byService: Partial<Statement> = {
    Principal: { Service: 'pods.eks.amazonaws.com' },
    Action: ['sts:AssumeRole', 'sts:TagSession'],
  };
  const anyId = (s: Statement): Statement =>
    s.Sid === 'ExternalIdHop'
      ? { ...s, Condition: { ...s.Condition, StringLike: { 'sts:ExternalId': '*' }, StringEquals: {} } }
      : s;
  const sent = (s: Statement) =>
    JSON.parse(JSON.stringify(s).replaceAll('aws:PrincipalTag', 'aws:RequestTag')) as Statement;
  const untagged = (s: Statement) =>
    without(s, 'eks-cluster-arn', 'kubernetes-namespace', 'kubernetes-service-account');

  it.each<[string, string, Tamper, string]>([
    [
      'sessions with any external id',
      'untagged-chained',
      onTargets(anyId),
      'a session of prod-untagged-chained with the external id of other pods can get role prod-untagged-chained-ledger: sts:AssumeRole is allowed by trust policy of prod-untagged-chained-ledger, statement 0 (ExternalIdHop).',
    ],
    [
      'sessions that send the tags themselves',
      'hops',
      onTargets(sent),
      'an untagged session of prod-hops that puts the tags into its request can get role prod-hops-ledger: sts:AssumeRole is allowed by trust policy of prod-hops-ledger, statement 0 (TaggedHop).',
    ],
    [
      'sessions of any pod',
      'hops',
      onTargets(untagged),
      'sessions of prod-hops of pods of other service accounts can get role prod-hops-ledger (and 3 other kinds of callers, such as an untagged session of prod-hops that puts the tags into its request): sts:AssumeRole is allowed by trust policy of prod-hops-ledger, statement 0 (TaggedHop).',
    ],
    [
      'the pods without the source role, by their association',
      'untagged-hops',
      onTargets((s) => ({ ...s, ...byService, Condition: {} })),
      'pods of other accounts through Pod Identity can get role prod-untagged-hops-ledger (and 1 other kind of callers, such as the pods through Pod Identity, without the source role): sts:AssumeRole is allowed by trust policy of prod-untagged-hops-ledger, statement 0 (UntaggedHop).',
    ],
  ])('%s', (_, key, tamper, message) => {
    const { failures } = provedWith(key, tamper);
    const attacks = failures.filter(({ rule, target }) => rule === 'proof-attack' && target === 'ledger');
    expect(attacks.at(-1)!.message.replace(/^in prod at [^:]*: /, '')).toBe(message);
  });
});
