import type { PolicyDocument } from '../iam/PolicyDocument';
import type { Stage } from '../inventory/Inventory';
import type { Attack, Neighbours } from './attacks/attackers';
import { sourceAttacks } from './attacks/sourceAttacks';
import { targetAttacks } from './attacks/targetAttacks';
import type { PodsOnCluster } from './credentialPath';
import type { Sighting } from './failures';

/** Rule 3 for one cluster: no other identity gets the source role or a target role, with its trust policy of any stage. */
export function proveAttacks(
  pods: PodsOnCluster,
  neighbours: Neighbours,
): { readonly attacks: number; readonly sightings: readonly Sighting[] } {
  const { stages, workload } = pods.staged;
  const attempts = [
    ...variants(stages.map(({ stage, role }) => ({ stage, role }))).map(({ role, at }) => ({
      at,
      name: role.name,
      attacks: sourceAttacks(pods, role, neighbours),
    })),
    ...workload.targets.flatMap(({ key }) =>
      variants(
        stages.flatMap(({ stage, targetRoles }) =>
          targetRoles.filter(({ target }) => target === key).map((role) => ({ stage, role })),
        ),
      ).map(({ role, at }) => ({ at, name: role.name, target: key, attacks: targetAttacks(pods, role, neighbours) })),
    ),
  ];
  return {
    attacks: attempts.reduce((sum, { attacks }) => sum + attacks.length, 0),
    sightings: attempts.flatMap(({ attacks, ...role }) => attacks.flatMap((attack) => sightingsOf(pods, role, attack))),
  };
}

interface AttackedRole {
  readonly at: readonly Stage[];
  readonly name: string;
  readonly target?: string;
}

function sightingsOf(pods: PodsOnCluster, { at, name, target }: AttackedRole, { who, attempt }: Attack): Sighting[] {
  const reason = pods.evaluator.evaluateOnce(attempt);
  if (!reason.isOpen) return [];
  return at.map((stage) => ({
    rule: 'proof-attack',
    cluster: pods.cluster.key,
    stage,
    ...(target === undefined ? {} : { target }),
    who,
    what: `gets role ${name}`,
    reason,
  }));
}

/** A role once for each distinct trust policy, with the stages that have this policy. */
function variants<Role extends { readonly trust: PolicyDocument }>(
  roles: readonly { readonly stage: Stage; readonly role: Role }[],
): readonly { readonly role: Role; readonly at: readonly Stage[] }[] {
  const distinct = new Map<PolicyDocument, { role: Role; at: Stage[] }>();
  for (const { stage, role } of roles) {
    const variant = distinct.get(role.trust) ?? { role, at: [] };
    variant.at.push(stage);
    distinct.set(role.trust, variant);
  }
  return [...distinct.values()];
}
