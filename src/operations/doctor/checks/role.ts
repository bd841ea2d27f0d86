import { shellWord } from '../../../estate/shellWord';
import { adoptionProblem } from '../adoptionProblem';
import type { Judge } from '../Judge';
import { applyStage, iamLook, ill, unknown, well } from '../judgement';

/** The workload's role exists, under the path that the inventory says. */
export const role: Judge = (patient, facts) => {
  const { source } = facts;
  const wanted = patient.parts.role;
  const look = iamLook(patient, `get-role --role-name ${shellWord(wanted.name)}`);
  if (!source.role.ok) return [unknown(look, 'iam:GetRole', source.role)];
  const found = source.role.value;
  if (found === undefined)
    return [
      ill(
        look,
        'problem',
        `there is no role ${wanted.name}`,
        wanted.adopt
          ? `The inventory adopts it, so that it is never created: name the role that is there, or take adopt out of workloads.${patient.workload.key}.role.\naws iam list-roles --query "Roles[].Arn"`
          : applyStage(patient),
      ),
    ];
  if (found.arn !== wanted.arn)
    return [
      ill(
        look,
        'problem',
        `${wanted.name} is ${found.arn}, not ${wanted.arn}`,
        `Write its path into workloads.${patient.workload.key}.role: IAM knows one role of a name in an account.`,
      ),
    ];
  const problem = adoptionProblem(patient, facts);
  if (problem === undefined) return [well(look, `${found.arn} exists`)];
  const { claimed, there, remedy } = problem;
  return [ill(look, 'problem', `the entry says ${claimed}, and the role is ${there} in AWS`, remedy)];
};
