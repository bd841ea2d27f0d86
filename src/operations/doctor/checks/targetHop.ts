import { identityStackName, targetsStackName } from '../../../inventory/stackNames';
import { explain } from '../../../iam/explain';
import { shellWord } from '../../../estate/shellWord';
import type { Judgement } from '../DoctorFinding';
import type { Facts, LiveRole } from '../Facts';
import { refusedHop } from '../hopDecisions';
import { modesInUse } from '../inUse';
import type { Judge } from '../Judge';
import { applyStage, iamLook, ill, unknown, well } from '../judgement';
import type { Mode, Patient } from '../Patient';

type Target = Facts['targets'][number];

const WAY: Readonly<Record<Mode, string>> = { irsa: 'on IRSA', 'pod-identity': 'on Pod Identity' };

/**
 * From what a pod holds each target role is reached, in every way that pods use now and the stage serves: what the role that asks may do, and
 * whom the target trusts, `sts:TagSession` at both ends where session tags go along.
 */
export const targetHop: Judge = (patient, facts) =>
  facts.targets.flatMap((target) => judgeTarget(patient, facts, target));

function judgeTarget(patient: Patient, facts: Facts, target: Target): Judgement[] {
  const { target: wanted } = target;
  const look = iamLook(patient, `get-role --role-name ${shellWord(wanted.name)}`, wanted.account);
  if (!target.role.ok) return [unknown(look, 'iam:GetRole', target.role)];
  const found = target.role.value;
  const apply = applyStage(patient, stacksOf(patient, target));
  if (found === undefined)
    return [ill(look, 'problem', `there is no role ${wanted.name} in ${wanted.account.key}, its target`, apply)];
  if (found.arn !== wanted.arn)
    return [ill(look, 'problem', `the target role is ${found.arn}, not ${wanted.arn}`, apply)];
  const modes = [...modesInUse(patient, facts)].filter((mode) =>
    mode === 'irsa' ? patient.row.servesUntaggedHop : patient.row.servesTaggedHop,
  );
  const judged = modes.flatMap((mode) => judgeMode(patient, facts, target, mode, apply));
  if (judged.length > 0) return judged;
  if (!asking(facts, target, modes[0] ?? 'irsa')) return [];
  return [well(look, `${wanted.name} is reached ${modes.map((mode) => WAY[mode]).join(' and ')}`)];
}

function judgeMode(patient: Patient, facts: Facts, target: Target, mode: Mode, apply: string): Judgement[] {
  const from = asking(facts, target, mode);
  const to = target.role.ok ? target.role.value : undefined;
  if (from === undefined || to === undefined) return [];
  const chained = target.target.via === 'association';
  const { source, target: trust } = refusedHop(patient, facts, { ...from, to, mode, chained });
  if (source.length + trust.length === 0) return [];
  const look =
    trust.length > 0
      ? iamLook(
          patient,
          `get-role --role-name ${shellWord(to.name)} --query Role.AssumeRolePolicyDocument`,
          target.target.account,
        )
      : iamLook(patient, `list-role-policies --role-name ${shellWord(from.from.name)}`);
  return [
    ill(
      look,
      'problem',
      [
        `${to.name} cannot be reached ${WAY[mode]}, ${ends(source.length, trust.length)}:`,
        ...source.map((one) => `what ${from.from.name} may do: ${explain(one)}`),
        ...trust.map((one) => `whom ${to.name} trusts: ${explain(one)}`),
      ].join('\n'),
      apply,
    ),
  ];
}

function ends(source: number, target: number): string {
  if (source > 0 && target > 0) return 'refused at both ends';
  return source > 0 ? 'refused at the source' : 'refused at the target';
}

/** The role that asks: the source role, or, on Pod Identity, the association's target role, whose credentials the pod holds instead. */
function asking({ source, association, targets }: Facts, { target }: Target, mode: Mode) {
  const handedOut = mode === 'pod-identity' && association.ok ? association.value?.targetRoleArn : undefined;
  const instead = target.via === 'association' ? undefined : targets.find((one) => one.target.arn === handedOut);
  return known(instead ?? source);
}

function known({ role, permissions }: LiveRole) {
  if (!role.ok || role.value === undefined || !permissions.ok || permissions.value === undefined) return undefined;
  return { from: role.value, permissions: permissions.value };
}

function stacksOf({ environment }: Patient, { target: { account } }: Target): string[] {
  const identity = identityStackName(environment.key);
  return account.key === environment.account.key
    ? [identity]
    : [targetsStackName(environment.key, account.key), identity];
}
