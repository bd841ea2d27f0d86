import { sourceTrust } from '../../blueprint/sourceTrust';
import { validateDocument } from '../../iam/validateDocument';
import { listOf } from '../../iam/meaning/listOf';
import type { PolicyDocument, Statement } from '../../iam/PolicyDocument';
import type { Cluster, KeptStatement, Stage, Workload } from '../../inventory/Inventory';
import { canAssume, type Subject as PodIdentity } from '../../comparison/access';
import type { Surroundings } from './ClusterSurvey';
import type { Refusal } from './foundStage';
import type { RoleEntry } from './Proposal';
import { sameWords, wordsOf } from './sameWords';
import type { SplitTrust, TrustScene } from './splitTrust';

/** The fields of a role that carry its trust, and whom else that lets in. */
export interface TrustEntry {
  readonly fields: Pick<RoleEntry, 'keepTrust' | 'adoptedTrust'>;
  readonly weak?: string;
}

/** Whose role it is, and where, whole enough to compile it. */
export interface CompileScene extends TrustScene {
  readonly environment: Surroundings;
  readonly cluster: Cluster;
}

/**
 * What the inventory says of a role's trust policy so that podlift, at the stage at which it was found, compiles the very same one:
 * statements of others are kept, those that do the work of podlift's own stand under `adoptedTrust` unless they read the same.
 */
export function trustEntry(
  scene: CompileScene,
  stage: Stage,
  trust: PolicyDocument,
  split: SplitTrust,
): TrustEntry | Refusal {
  const unsaid = whatCannotBeSaid(trust);
  if (unsaid !== undefined) return unsaid;
  const own = ownStatements(scene);
  const oidc = stage === 'pod-identity' ? [] : differing(split.oidc, own.oidc);
  const podIdentity = stage === 'irsa' ? [] : differing(split.podIdentity, own.podIdentity);
  const adopted = oidc.length > 0 || podIdentity.length > 0;
  // podlift's own statements let in whom they are meant to; what is found is looked at.
  const weak = strangers(scene, trust, { ...split, oidc, podIdentity });
  const fields: TrustEntry['fields'] = {
    ...(split.keep.length > 0 && { keepTrust: split.keep.map(kept) }),
    ...(adopted && {
      adoptedTrust: {
        ...(weak !== undefined && { because: `as it was found: ${weak}` }),
        ...(oidc.length > 0 && { oidc: oidc.map(kept) }),
        ...(podIdentity.length > 0 && { podIdentity: podIdentity.map(kept) }),
      },
    }),
  };
  if (!sameWords(trust, compiled(scene, stage, fields)))
    return {
      reason: 'would-change',
      message: 'podlift would write another trust policy than the one that stands there',
      hint: 'Compare the role’s trust policy with docs/MIGRATION.md, bring it to one of the stages, then run discover again.',
    };
  return { fields, ...(weak !== undefined && { weak }) };
}

function whatCannotBeSaid(trust: PolicyDocument): Refusal | undefined {
  const refusal = (message: string, hint: string): Refusal => ({ reason: 'trust-form', message, hint });
  if (trust.Version !== '2012-10-17')
    return refusal(
      `the trust policy is of version ${trust.Version ?? '2008-10-17'}, and podlift writes 2012-10-17`,
      'Update the trust policy with "Version": "2012-10-17" and the same statements, then run discover again.',
    );
  if (trust.Id !== undefined)
    return refusal(
      'the trust policy has an Id, which the inventory does not carry',
      'Update the trust policy without "Id" and with the same statements, then run discover again.',
    );
  const [mistake] = validateDocument(trust, 'trust');
  return mistake === undefined
    ? undefined
    : refusal(
        `IAM would not take the trust policy again: ${mistake}`,
        'Take that out of the trust policy (a principal such as AROA… or AIDA… is of somebody who was deleted), then run discover again.',
      );
}

/** All statements, unless they are the one that podlift writes itself. */
function differing(found: readonly Statement[], own: readonly Statement[]): readonly Statement[] {
  return sameSet(found, own) ? [] : found;
}

function sameSet(one: readonly Statement[], other: readonly Statement[]): boolean {
  const words = (statements: readonly Statement[]) => statements.map(wordsOf).toSorted().join('\n');
  return words(one) === words(other);
}

function ownStatements(scene: CompileScene): Pick<SplitTrust, 'oidc' | 'podIdentity'> {
  const all = listOf(compiled(scene, 'prepared', {}).Statement);
  const isPodIdentity = ({ Principal }: Statement) => typeof Principal === 'object' && Principal.Service !== undefined;
  return { oidc: all.filter((one) => !isPodIdentity(one)), podIdentity: all.filter(isPodIdentity) };
}

/** What podlift would write for the workload at a stage. */
function compiled(
  { environment, cluster, pods }: CompileScene,
  stage: Stage,
  fields: TrustEntry['fields'],
): PolicyDocument {
  const workload: Workload = {
    key: 'found',
    stage,
    namespace: pods.namespace,
    serviceAccount: pods.serviceAccount,
    sessionTags: pods.sessionTags,
    compute: 'ec2',
    role: {
      name: 'found',
      path: '/',
      adopt: true,
      tags: {},
      imports: { managedPolicies: [], inlinePolicies: [], associations: {} },
      ...fields,
    },
    permissions: { managedPolicies: [], statements: [], inlinePolicies: {} },
    targets: [],
    clusters: [cluster.key],
  };
  return sourceTrust({ ...environment, workloads: [] }, workload, [cluster]);
}

function kept({ Sid, ...statement }: Statement): KeptStatement {
  return { ...(Sid !== undefined && Sid !== '' && { Sid }), ...statement } as KeptStatement;
}

/** Whom the statements that let the workload in let in besides it, in words; nothing where nobody. */
function strangers(scene: CompileScene, trust: PolicyDocument, split: SplitTrust): string | undefined {
  const parts = [
    ...(split.oidc.length > 0 && split.anyAudience ? ['web identity tokens for any audience'] : []),
    ...(split.oidc.length > 0 && split.otherSubjects.length > 0
      ? [`by web identity also ${split.otherSubjects.join(', ')}`]
      : []),
    ...podIdentityStrangers(scene, { ...trust, Statement: [...split.podIdentity, ...denies(trust)] }),
  ];
  return parts.length === 0 ? undefined : parts.join('; ');
}

function denies(trust: PolicyDocument): readonly Statement[] {
  return listOf(trust.Statement).filter(({ Effect }) => Effect === 'Deny');
}

const PROBE = 'podlift-probe';
const OTHER_ACCOUNT = '000000000000';

function podIdentityStrangers(scene: CompileScene, trust: PolicyDocument): readonly string[] {
  const { roleArn, environment, cluster, pods } = scene;
  const gets = (changed: { pods?: Partial<PodIdentity>; cluster?: Partial<Cluster>; account?: string }): boolean =>
    canAssume(
      { arn: roleArn, trust },
      { ...environment, account: { ...environment.account, id: changed.account ?? environment.account.id } },
      { ...pods, ...changed.pods },
      { ...cluster, ...changed.cluster },
      'pod-identity',
    );
  const who = [
    ...(gets({ pods: { serviceAccount: { ...pods.serviceAccount, name: PROBE } } }) ? ['other service accounts'] : []),
    ...(gets({ pods: { namespace: PROBE } }) ? ['other namespaces'] : []),
    ...(gets({ cluster: { name: PROBE, arn: cluster.arn.replace(/[^/]*$/, PROBE) } }) ? ['other clusters'] : []),
    ...(gets({ account: OTHER_ACCOUNT }) ? ['clusters of other accounts'] : []),
  ];
  return who.length === 0 ? [] : [`by Pod Identity also ${who.join(', ')}, where an association gives them the role`];
}
