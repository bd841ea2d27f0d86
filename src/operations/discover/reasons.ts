import { oidcProviderArn, roleArn } from '../../blueprint/arns';
import { IRSA_AUDIENCE, POD_IDENTITY_SERVICE } from '../../blueprint/sourceTrust';
import { AUDIENCE_ANNOTATION } from '../../comparison/annotation';
import { STAGE_TABLE } from '../../blueprint/stageTable';
import { placesOf } from '../../estate/places';
import { parseRoleArn } from '../../iam/Arn';
import type { Mode } from '../../comparison/access';
import type { Access } from '../../iam/credentialAccess';
import type { Decision } from '../../iam/Decision';
import { explain } from '../../iam/explain';
import type { Workload } from '../../inventory/Inventory';
import { unsupportedValue } from '../../inventory/edit/unwritable';
import { noAnswerText, say } from '../remedies';
import { type FoundCluster, type FoundServiceAccount, nameOf, usesRole } from './FoundCluster';
import { leave, leaveOpen, type LeftOut } from './LeftOut';
import { isMeantUnderConditions } from './RoleUsers';

/** The inventory has it: its entry is not touched. An annotation that names another role than the entry's still has to be changed. */
export function inInventory(account: FoundServiceAccount, { environment }: FoundCluster): LeftOut | undefined {
  const { known, annotation } = account;
  if (known === undefined) return undefined;
  const { key, role, stage } = known;
  const own = roleArn(environment.partition, environment.account.id, role.path, role.name);
  const message = `the inventory has it as workload "${key}"`;
  if (annotation === undefined || annotation === own)
    return { ...leave(account, 'in-inventory', message), agrees: true };
  const isOfAccount = parseRoleArn(annotation)?.accountId === environment.account.id;
  const remedy = !STAGE_TABLE[stage].annotation
    ? 'Apply the entry, restart the pods, and check that they use the new role. Only then remove the annotation.'
    : isOfAccount
      ? `Apply the entry. When ${own} exists, change the annotation to this role, and restart the pods.`
      : `Leave the annotation: ${own} has other permissions. Write a target with \`via: association\` and \`stage: pod-identity\` into the entry.`;
  const differs = `${message}, and its annotation names another role: ${JSON.stringify(annotation)}`;
  return leave(account, 'in-inventory', differs, remedy);
}

/** Annotation and association name one role, by its whole ARN. */
export function namesOneRole(account: FoundServiceAccount): LeftOut | undefined {
  const { annotation, association, roleArn: arn, role } = account;
  if (annotation !== undefined && parseRoleArn(annotation) === undefined) {
    const message = `its annotation is ${JSON.stringify(annotation)}, which is not the ARN of a role`;
    return leave(account, 'bad-annotation', message);
  }
  if (annotation !== undefined && annotation !== arn)
    return leave(account, 'two-roles', `its annotation names ${annotation}, its association names ${arn}`);
  if (role === undefined || role.facts.arn === arn) return undefined;
  const by = association === undefined ? 'annotation' : 'association';
  const message = `its ${by} names ${arn}, but the ARN of the role is ${role.facts.arn}: the pods get no credentials`;
  return leave(account, 'bad-annotation', message);
}

/**
 * The trust policy allows the service account, and the inventory can have the policies. Of a role that does not trust the service account nothing is
 * shown: neither to the author of the annotation, nor to an operator who would paste it.
 */
export function trustsAccount(account: FoundServiceAccount, on: FoundCluster): LeftOut | undefined {
  const { role } = account;
  if (role === undefined) return undefined;
  const { facts, policies, problem } = role;
  if (problem !== undefined)
    return leave(account, 'invalid', `the inventory cannot have the trust policy of ${facts.name}: ${problem}`);
  if (usesRole(account).result !== 'allowed' && !isMeantUnderConditions({ account, on }))
    return notAssumable(account, on);
  const inline = unsupportedValue(policies.inline);
  if (inline === undefined) return undefined;
  return leave(account, 'invalid', `the inventory cannot have the inline policies of ${facts.name}: ${inline}`);
}

/**
 * No pod of a service account can assume the role that it names, or that depends on conditions. Anyone who can annotate a service account can name any
 * role.
 */
export function notAssumable(account: FoundServiceAccount, on: FoundCluster): LeftOut {
  const { association, roleArn: arn } = account;
  const access = usesRole(account);
  if (access.result === 'depends') {
    const open = leaveOpen(account, `whether its pods can assume ${arn}`, access.dependsOn);
    return access.dependsOn.every(({ key }) => key.toLowerCase().endsWith(':aud'))
      ? { ...open, remedy: [say(OF_AUDIENCE)] }
      : open;
  }
  const [by, trusted] =
    association === undefined ? ['annotation', 'the service account'] : ['association', 'Pod Identity'];
  // Statements that name the pods' provider or service are about them; whom others name is nobody's business who can annotate.
  const isAbout = ({ reason, statements }: Decision) =>
    reason === 'explicit deny' || statements.some(({ mismatch }) => mismatch === 'condition' || mismatch === 'action');
  const about = access.result === 'denied' ? access.denied.filter(isAbout).map(explain) : [];
  const why = about.length > 0 ? about.join('\n') : unnamed(account, on);
  const message = [`its ${by} names ${arn}, but the role does not trust ${trusted}: the pods get no credentials`, why]
    .filter((line) => line !== '')
    .join('\n');
  const remedy =
    association === undefined
      ? `Only if the role is meant for the service account, ${changeOf(access, 'irsa')}. Otherwise remove the annotation.`
      : `If the role is meant for the service account, ${changeOf(access, 'pod-identity')}. Otherwise delete the association. Keep the annotation if there is one: pods can still use it.`;
  return leave(account, 'not-let-in', message, remedy);
}

/** No statement is about the pods: whom the trust policy should name. Whom it names is not said. */
function unnamed({ association, roleArn: arn }: FoundServiceAccount, { environment, cluster }: FoundCluster): string {
  const who =
    association === undefined
      ? cluster.oidc && oidcProviderArn(environment.partition, accountOf(arn, environment), cluster.oidc.issuer)
      : POD_IDENTITY_SERVICE;
  return who === undefined
    ? `cluster ${cluster.key} has no issuer for IRSA in the inventory`
    : `no statement of its trust policy names ${who}`;
}

/** IAM verifies tokens with a provider of the role's own account. */
function accountOf(arn = '', { account }: FoundCluster['environment']): string {
  return parseRoleArn(arn)?.accountId ?? account.id;
}

/** Others do not have the key, and stay denied. Source: see `exceptService` in src/proof/trustEdits.ts. */
const EXCEPTED = `StringNotEqualsIfExists aws:PrincipalServiceName: "${POD_IDENTITY_SERVICE}" in its Condition excepts those on Pod Identity`;

/** Where only the audience is open. Source: aws/amazon-eks-pod-identity-webhook, README. */
const OF_AUDIENCE = `The EKS webhook gives pods tokens for ${IRSA_AUDIENCE}, unless the service account (${AUDIENCE_ANNOTATION}) or the pod asks for another audience. If its pods ask for the audience that is named above, leave all as it is, and write the entry by hand. If they do not, they get no credentials: only if the role is meant for the service account, add "${IRSA_AUDIENCE}" to this condition.`;

/** What lets the pods in, by what decided: a statement that others use stays as it is for them. */
function changeOf(access: Access, by: Mode): string {
  const denied = access.result === 'denied' ? access.denied : [];
  if (denied.some(({ reason }) => reason === 'explicit deny'))
    return `except its pods from the Deny that is named above${by === 'irsa' ? '' : ` (${EXCEPTED})`}, and leave the Deny for all others`;
  const misses = denied.flatMap(({ statements }) => statements).filter(({ statement }) => statement.Effect === 'Allow');
  const failed = misses.flatMap(({ failedConditions }) => failedConditions);
  if (failed.length > 0) {
    // A value helps only where the request has the key.
    const canGet = failed.every(({ found, wanted }) => found !== undefined && wanted.length > 0);
    const orValue = canGet ? ' (or add the missing value to them)' : '';
    return `add a statement of its own for its pods, without the conditions that are named above${orValue}, and leave the other statements for their callers`;
  }
  const actions = [...new Set(denied.map(({ action }) => action))].join(' and ');
  return `add a statement to the trust policy that allows its pods ${actions}`;
}

/** Every key that the entry would get is taken. */
export function keyTaken(account: FoundServiceAccount): LeftOut | undefined {
  if (account.entryKey.free) return undefined;
  return leave(account, 'key-taken', `every key for its entry is taken, the last one is ${account.entryKey.key}`);
}

/** The role exists, and every question about it has an answer. */
export function roleExists(account: FoundServiceAccount, found: FoundCluster): LeftOut | undefined {
  const { roleArn: arn, role, noAnswer } = account;
  if (noAnswer !== undefined) {
    const { found: message, remedy } = noAnswerText(noAnswer, placesOf(found.inventory, found));
    return leave(account, 'unanswered', `${arn}: ${message}`, ...remedy);
  }
  return role === undefined ? leave(account, 'role-missing', `there is no role ${arn}`) : undefined;
}

/** A role belongs to one workload of one inventory. An entry of this environment for the role is another matter: see `entryOfRole`. */
export function roleTaken(account: FoundServiceAccount, found: FoundCluster): LeftOut | undefined {
  const { roleArn: arn, role } = account;
  const { inventory, environment } = found;
  if (entryOfRole(arn, found) !== undefined) return undefined;
  const name = parseRoleArn(arn)?.name.toLowerCase();
  const owners = inventory.environments.flatMap(({ key, account: of, workloads, released = [] }) =>
    [...workloads, ...released].map((workload) => ({ environment: key, of, workload })),
  );
  const owner = owners.find(({ of, workload }) =>
    [{ account: of, role: workload.role }, ...workload.targets].some(
      (one) => one.account.id === environment.account.id && one.role.name.toLowerCase() === name,
    ),
  );
  if (owner !== undefined) {
    const message = `${arn} is the role of workload "${owner.workload.key}" in ${owner.environment}`;
    return leave(account, 'role-taken', message, `Give ${nameOf(account)} a role of its own.`);
  }
  const maker = role?.facts.tags['podlift:workload'];
  if (maker === undefined) return undefined;
  const message = `${arn} has the tags of podlift: it is workload ${JSON.stringify(maker)} of another inventory, or of an entry that was removed from this one`;
  return leave(account, 'made-by-podlift', message);
}

/** The workload of the environment that has a role as its own. */
export function entryOfRole(arn: string, { environment }: Pick<FoundCluster, 'environment'>): Workload | undefined {
  const reference = parseRoleArn(arn);
  if (reference?.accountId !== environment.account.id) return undefined;
  return environment.workloads.find(({ role }) => role.name.toLowerCase() === reference.name.toLowerCase());
}

/** No other role is involved: no target role of the association, and no role that assumes itself. */
export function actsAlone(account: FoundServiceAccount): LeftOut | undefined {
  const { association, role } = account;
  if (association?.targetRoleArn !== undefined) {
    const message = `its association has the target role ${association.targetRoleArn}, and podlift creates target roles itself`;
    return leave(account, 'association-target', message);
  }
  if (role === undefined || role.ofItself.result === 'denied') return undefined;
  if (role.ofItself.result === 'depends')
    return leaveOpen(account, `whether its role ${role.facts.name} can assume itself`, role.ofItself.dependsOn);
  const message = `its role ${role.facts.name} can assume itself: with Pod Identity that needs sts:TagSession too`;
  return leave(account, 'self-assuming', message);
}
