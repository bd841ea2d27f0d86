import { issuerName, roleArn } from '../../../blueprint/arns';
import type { PolicyDocument } from '../../../iam/PolicyDocument';
import { roleName } from '../../../inventory/resolve/roleName';
import { identityStackName } from '../../../inventory/stackNames';
import type { Workload } from '../../../inventory/Inventory';
import { annotateCommand } from '../../evidence/annotateCommand';
import { applyCommands } from '../../evidence/applyCommands';
import { named } from '../../checks/named';
import { shellWord } from '../../../estate/shellWord';
import { restartSteps } from '../../evidence/restartCommands';
import { knownWorkload } from '../knownWorkload';
import { meansSubject } from '../letsSubjectIn';
import { roleReference } from '../roleReference';
import type { Decision, Scene } from '../Scene';
import { splitSnippet } from '../snippets';
import { leftOut, nameOf, roleOf, type Subject } from '../Subject';
import { trustWithout } from '../trustWithout';
import { valueOfRole } from '../valueOfRole';
import { withCredentials } from '../withCredentials';
import { copyRole } from './copyRole';
import { splitKey } from './splitKey';

/** A workload has a role of its own; a shared one is split, and each service account keeps its permissions. */
export const sharedRole: Decision = (subject, scene) => {
  const arn = roleOf(subject) ?? '';
  const users = scene.users.get(arn) ?? [];
  if (users.length < 2) return undefined;
  const split = splitOf(users, scene);
  return leftOut(
    subject,
    'shared-role',
    `${arn} is shared by ${named(users.map(nameOf), 8)}`,
    splitSteps(scene, arn, split),
    splitSnippet(scene, split.unwritten),
  );
};

/** Who does what when a role is split. */
interface Split {
  /** Keeps the role. */
  readonly keeper?: Subject;
  /** Have an entry with a role of their own, and use the old one still. */
  readonly written: readonly (readonly [Subject, Workload])[];
  /** Get an entry. */
  readonly unwritten: readonly Subject[];
  /** Get a copy of the role. */
  readonly associated: readonly Subject[];
}

/** Of the users that have no entry, one that the trust means by its name keeps the role, else one with an association, else the first. */
function splitOf(users: readonly Subject[], scene: Scene): Split {
  const written = users.flatMap((user) => {
    const workload = knownWorkload(user, scene);
    return workload === undefined ? [] : [[user, workload] as const];
  });
  const free = users.filter((user) => knownWorkload(user, scene) === undefined);
  const keeper = free.find((user) => isMeant(user, scene)) ?? free.find((user) => user.association) ?? free[0];
  const others = free.filter((user) => user !== keeper);
  return {
    ...(keeper && { keeper }),
    written,
    unwritten: others.filter(({ association }) => association === undefined),
    associated: others.filter(({ association }) => association !== undefined),
  };
}

function isMeant(user: Subject, scene: Scene): boolean {
  const role = valueOfRole(user, scene);
  return role !== undefined && meansSubject(role, user, scene);
}

/** How a role is split, step by step. */
function splitSteps(scene: Scene, arn: string, { keeper, written, unwritten, associated }: Split): readonly string[] {
  const { environment, cluster } = scene;
  const moving = [
    ...written.map(([user, { role }]) => ({ user, role: role.name, path: role.path })),
    ...unwritten.map((user) => ({
      user,
      role: roleName(environment.key, splitKey(user, scene)),
      path: environment.role.path ?? '/',
    })),
  ];
  return [
    `Split it; ${keeper === undefined ? 'one' : nameOf(keeper)} keeps the role:`,
    ...(written.length > 0
      ? [`- ${named(written.map(([user, { key }]) => `${nameOf(user)} (workload ${key})`))}: written already.`]
      : []),
    ...(unwritten.length > 0
      ? [
          '- Write the entries below: podlift makes a role of its own, with the same permissions, for each of the others.',
        ]
      : []),
    ...(moving.length > 0
      ? [
          ...(written.length > 0 && unwritten.length === 0 ? ['- Apply, unless that is done:'] : []),
          ...applyCommands([identityStackName(environment.key)]),
          '- Point each service account to its own role where it is made (Helm values, GitOps, or as here), then restart its pods:',
          ...moving.flatMap(({ user, role, path }) => [
            annotateCommand(cluster, user, roleArn(environment.partition, environment.account.id, path, role)),
            ...restartSteps(cluster, user.pods),
          ]),
        ]
      : []),
    ...associated.flatMap((user) =>
      copyRole(scene, user, trustFor(scene, user, [keeper, ...moving.map(mover), ...associated])),
    ),
    ...closing(scene, arn, [...moving.map(mover), ...associated]),
    '- Run discover again: it finds the role with one user.',
  ];
}

function mover({ user }: { readonly user: Subject }): Subject {
  return user;
}

/** The trust policy of a copy for one user: without the subjects of the others. */
function trustFor(scene: Scene, user: Subject, all: readonly (Subject | undefined)[]): PolicyDocument | undefined {
  const others = all.flatMap((one) => (one === undefined || one === user ? [] : [one]));
  return trustOf(scene, user, others) ?? valueOfRole(user, scene)?.facts.trust;
}

/** The trust policy of a user's role without the subjects of others; nothing where it does not name them. */
function trustOf(scene: Scene, user: Subject, others: readonly Subject[]): PolicyDocument | undefined {
  const trust = valueOfRole(user, scene)?.facts.trust;
  const subjects = new Set(others.map(({ namespace, name }) => `system:serviceaccount:${namespace}:${name}`));
  return trust && trustWithout(trust, issuerName(scene.cluster.oidc?.issuer ?? ''), subjects);
}

/** The last step: the role lets in no more those that have left it. */
function closing(scene: Scene, arn: string, gone: readonly Subject[]): readonly string[] {
  const [first] = gone;
  const trust = first && trustOf(scene, first, gone);
  if (trust === undefined) return [];
  const role = shellWord(roleReference(arn)?.name ?? arn);
  return [
    '- When their pods are restarted, take their subjects out of the old role’s trust policy. Pods that still use it get no credentials any more:',
    ...withCredentials(scene.environment.account, [
      `aws iam update-assume-role-policy --role-name ${role} --policy-document ${shellWord(JSON.stringify(trust))}`,
    ]),
  ];
}
