import type { PolicyDocument } from '../iam/PolicyDocument';
import type { Stage } from '../inventory/Inventory';
import type { Attack } from './attacks/Attacks';
import { forgedTags } from './attacks/forgedTags';
import { sourceStrangers } from './attacks/sourceStrangers';
import { targetAttacks } from './attacks/targetAttacks';
import type { PodsOnCluster } from './credentialPath';
import { isConditional } from './evaluator';
import type { Sighting } from './failures';

/** Rule 3: no other identity gets the source role or a target role, with its trust policy of any stage. */
export function proveAttacks(pods: PodsOnCluster): {
  readonly attacks: number;
  readonly sightings: readonly Sighting[];
} {
  const { stages, workload } = pods.staged;
  const sources = variants(stages.map(({ stage, role }) => ({ stage, role })));
  const attempts = [
    ...sources.map(({ role, at }) => ({ at, name: role.name, attacks: sourceStrangers(pods, role) })),
    ...workload.targets.flatMap(({ key }) =>
      variants(
        stages.flatMap(({ stage, targetRoles }) =>
          targetRoles.filter(({ target }) => target === key).map((role) => ({ stage, role })),
        ),
      ).flatMap(({ role, at }) => {
        const target = { at, name: role.name, target: key };
        const forged = sources.map((source) => ({
          ...target,
          at: at.filter((stage) => source.at.includes(stage)),
          attacks: forgedTags(pods, source.role, role),
        }));
        return [{ ...target, attacks: targetAttacks(pods, role) }, ...forged];
      }),
    ),
  ];
  return {
    attacks: attempts.reduce((sum, { attacks }) => sum + attacks.evaluated, 0),
    sightings: attempts.flatMap(({ attacks, ...role }) =>
      attacks.admitted.flatMap((attack) => sightingsOf(role, attack)),
    ),
  };
}

interface AttackedRole {
  readonly at: readonly Stage[];
  readonly name: string;
  readonly target?: string;
}

function sightingsOf({ at, name, target }: AttackedRole, { who, result, hint }: Attack): Sighting[] {
  return at.map((stage) => ({
    rule: 'proof-attack',
    stage,
    target,
    who,
    what: `can get role ${name}${isConditional(result) ? ' under conditions' : ''}`,
    reason: result,
    hint,
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
