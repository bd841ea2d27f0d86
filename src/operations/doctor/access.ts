import { decide } from '../../iam/decide';
import type { Decision, NamedPolicy } from '../../iam/Decision';
import { explain } from '../../iam/explain';
import type { Account } from '../../inventory/Inventory';
import { accountRootOf, sessionTagsOf } from '../../iam/credentialRequests';
import { named } from '../checks/named';
import { shellWord } from '../../estate/shellWord';
import type { Judgement } from './DoctorFinding';
import type { Facts, LiveRole } from './Facts';
import { iamLook, ill, unknown, well } from './judgement';
import type { Patient } from './Patient';
import { podIdentityOf, sendsTags } from './sourceDecisions';
import type { TakenResources } from './takenResources';

/** What an operator asks whether the workload may do it. */
export interface Access {
  /** `s3:GetObject`. */
  readonly action: string;
  /** An ARN, or `*` where the action takes none. */
  readonly resource: string;
}

/** What an evaluation of the role's own policies cannot see. */
const UNSEEN = 'Not seen here: service control policies, session policies, VPC endpoint policies';

const GIVEN = 'the resource’s own policy, taken to allow it';

/**
 * Whether what a new pod holds may do something, by an evaluation of all policies of the role as they stand in AWS: those attached, inline ones
 * and the boundary, with the session tags of EKS as `aws:PrincipalTag/…` where a new pod has them. With an association that names a
 * target role, that role is what the pod holds. The resource's own policy is taken to allow it, and said so. `taken` is what the
 * catalogue says of the resource (default: that the action takes it): no request carries one that it does not take.
 */
export function access(
  patient: Patient,
  facts: Facts,
  { action, resource }: Access,
  taken: TakenResources = { kinds: [], takes: true },
): readonly Judgement[] {
  const tagged = patient.row.newPodUses === 'pod-identity' && sendsTags(patient, facts);
  const { live, name, account, target } = held(patient, facts);
  const question = iamLook(patient, `get-role --role-name ${shellWord(name)}`, account);
  if (!live.role.ok) return [unknown(question, 'iam:GetRole', live.role)];
  if (!live.permissions.ok) return [unknown(question, 'iam:GetRolePolicy', live.permissions)];
  if (live.role.value === undefined || live.permissions.value === undefined) return [];
  const { arn, tags } = live.role.value;
  const { identity, boundary } = live.permissions.value;
  const principalTags = { ...tags, ...(tagged ? sessionTagsOf(podIdentityOf(patient)) : {}) };
  const decision = decide(
    {
      caller: { kind: 'session', roleArn: arn, sessionName: 'pod' },
      action,
      resource,
      context: Object.fromEntries(
        Object.entries(principalTags).map(([key, value]) => [`aws:PrincipalTag/${key}`, value]),
      ),
    },
    { identity, resource: assumed(arn), ...(boundary === undefined ? {} : { boundary }) },
  );
  const look = iamLook(
    patient,
    `simulate-principal-policy --policy-source-arn ${arn} --action-names ${shellWord(action)} --resource-arns ${shellWord(resource)}`,
    account,
  );
  if (!taken.takes) return [ill(look, 'problem', notTaken({ action, resource }, taken), askAgain(taken))];
  const notes = notesOf(arn, resource);
  const seen = `${name}, with ${tagged ? 'the session tags of EKS' : 'no session tags'}`;
  if (decision.allowed)
    return [
      well(look, [`${action} on ${resource} is allowed by ${deciding(decision)} (${seen})`, ...notes].join('\n')),
    ];
  return [
    ill(
      look,
      'problem',
      [`${action} on ${resource} is not allowed (${seen}):`, explain(withoutGiven(decision)), ...notes].join('\n'),
      mends(patient, decision, { action, resource }, target),
    ),
  ];
}

/** The role whose credentials a new pod holds. */
function held(
  patient: Patient,
  { source, targets, association }: Facts,
): { readonly live: LiveRole; readonly name: string; readonly account: Account; readonly target?: string } {
  const { environment, parts, row } = patient;
  const own = { live: source, name: parts.role.name, account: environment.account };
  if (row.newPodUses !== 'pod-identity') return own;
  const live = association.ok ? association.value : undefined;
  const chained = targets.find(({ target }) =>
    live === undefined ? target.via === 'association' : target.arn === live.targetRoleArn,
  );
  if (chained === undefined) return own;
  const { name, account, target } = chained.target;
  return { live: chained, name, account, target };
}

/** A policy of the resource that allows all to the role's account, which leaves the decision to the role's own policies. */
function assumed(roleArn: string): NamedPolicy {
  return {
    name: GIVEN,
    document: {
      Statement: { Effect: 'Allow', Principal: { AWS: accountRootOf(roleArn) }, Action: '*', Resource: '*' },
    },
  };
}

function withoutGiven(decision: Decision): Decision {
  return { ...decision, statements: decision.statements.filter(({ policy }) => policy !== GIVEN) };
}

function deciding({ statements }: Decision): string {
  const by = statements.find(
    ({ applies, policy, statement }) =>
      applies && statement.Effect === 'Allow' && policy !== GIVEN && !policy.startsWith('boundary'),
  );
  return by === undefined
    ? 'its policies'
    : `${by.policy}, statement ${by.index}${by.sid === undefined ? '' : ` (${by.sid})`}`;
}

function notesOf(roleArn: string, resource: string): string[] {
  const [, , , , own = ''] = roleArn.split(':');
  const [, , service = '', , owner = ''] = resource.split(':');
  const foreign = owner !== '' && owner !== own && owner !== 'aws';
  if (foreign) return [`${resource} is of account ${owner}: its own policy must allow the role as well. ${UNSEEN}.`];
  if (service === 'kms' || service === 'iam')
    return [`The ${service === 'kms' ? 'key’s policy' : 'role’s trust policy'} must allow it as well. ${UNSEEN}.`];
  return [`${UNSEEN}, and what the resource’s own policy says (a bucket of another account must allow it too).`];
}

function mends({ workload }: Patient, { reason }: Decision, asked: Access, target: string | undefined): string {
  if (reason === 'explicit deny') return 'Change the statement that denies it, or what its conditions ask for.';
  if (reason === 'permissions boundary does not allow it')
    return 'Have the permissions boundary allow it: no policy of the role can.';
  return `Add the statement to those of ${target === undefined ? 'the workload' : `its target ${target}, whose role the pod holds`} in the inventory, then apply:\n${statementText(workload.key, target, asked)}`;
}

/** The statement that allows it, at its place in the inventory: YAML that stands by itself. */
function statementText(workload: string, target: string | undefined, { action, resource }: Access): string {
  const path = [
    'workloads',
    workload,
    ...(target === undefined ? [] : ['targets', target]),
    'permissions',
    'statements',
  ];
  const lines = path.map((key, depth) => `${'  '.repeat(depth)}${key}:`);
  const inset = '  '.repeat(path.length);
  return [...lines, `${inset}- actions: [${action}]`, `${inset}  resources: [${JSON.stringify(resource)}]`].join('\n');
}

function notTaken({ action, resource }: Access, { kinds }: TakenResources): string {
  const takes = kinds.length === 0 ? 'none but *' : named(kinds);
  return `${action} takes no such resource as ${resource}: no request carries it, whatever a policy allows\nit takes ${takes}`;
}

function askAgain({ kinds }: TakenResources): string {
  return kinds.length === 0
    ? 'Ask again with --resource "*".'
    : 'Ask again with a resource that it takes, or with the action that is meant.';
}
