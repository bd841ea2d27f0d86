import type { Stage } from '../inventory/Inventory';
import type { PolicyDocument } from '../iam/PolicyDocument';
import type { Attack } from './attacks/Attack';
import { sourceAttacks } from './attacks/sourceAttacks';
import type { Surroundings } from './attacks/Surroundings';
import { targetAttacks } from './attacks/targetAttacks';
import type { Draft } from './Draft';
import type { Case } from './credentialPath';

/** Rule 3 around one cluster: nobody else gets the source role or a target role, whichever trust policy it has at any stage. */
export function proveAttacks(
  of: Case,
  around: Surroundings,
): { readonly attacks: number; readonly drafts: readonly Draft[] } {
  const { stages, workload } = of.subject;
  const tries = [
    ...variants(stages.map(({ stage, role }) => ({ stage, role }))).map(({ role, at }) => ({
      at,
      name: role.name,
      attacks: sourceAttacks(of, role, around),
    })),
    ...workload.targets.flatMap(({ key }) =>
      variants(
        stages.flatMap(({ stage, targetRoles }) =>
          targetRoles.filter(({ target }) => target === key).map((role) => ({ stage, role })),
        ),
      ).map(({ role, at }) => ({ at, name: role.name, target: key, attacks: targetAttacks(of, role, around) })),
    ),
  ];
  return {
    attacks: tries.reduce((sum, { attacks }) => sum + attacks.length, 0),
    drafts: tries.flatMap(({ attacks, ...role }) => attacks.flatMap((attack) => draftsOf(of, role, attack))),
  };
}

interface Tried {
  readonly at: readonly Stage[];
  readonly name: string;
  readonly target?: string;
}

function draftsOf(of: Case, { at, name, target }: Tried, { who, attempt }: Attack): Draft[] {
  const verdict = of.judge.once(attempt);
  if (!verdict.holds) return [];
  return at.map((stage) => ({
    rule: 'proof-attack',
    cluster: of.cluster.key,
    stage,
    ...(target === undefined ? {} : { target }),
    who,
    what: `gets role ${name}`,
    why: verdict,
  }));
}

/** A role once for each distinct trust policy, with the stages at which that stands. */
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
