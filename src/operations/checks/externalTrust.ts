import { compileWorkload } from '../../blueprint/compileWorkload';
import type { TargetRole } from '../../blueprint/Blueprint';
import { ownedRoles, ownerWrites } from '../../blueprint/ownerWrites';
import { POD_IDENTITY_SERVICE } from '../../blueprint/sourceTrust';
import { STAGE_TABLE } from '../../blueprint/stageTable';
import { dependsOnAudience, type Mode, podAccess } from '../../comparison/access';
import { AUDIENCE_ANNOTATION } from '../../comparison/annotation';
import { compareTrust } from '../../comparison/trust';
import { ask, need } from '../../estate/ask';
import type { Answer, RoleFacts } from '../../estate/aws/AwsPort';
import type { PodFacts } from '../../estate/kubernetes/KubernetesPort';
import { explain } from '../../iam/explain';
import { listOf, type Statement } from '../../iam/PolicyDocument';
import type { Stage } from '../../inventory/Inventory';
import { type ExternalRole, ownerMustWrite } from '../ownerRemedy';
import { inspectTrust } from '../remedies';
import { trustAt } from './adoption';
import {
  type CheckAsk,
  type CheckResult,
  depends,
  fail,
  isBack,
  judgedRow,
  note,
  pass,
  podsOf,
  problem,
  type WorkloadOnCluster,
} from './Check';
import { inventoryAdvice } from './refusedTrust';
import { asAssociated, MODE_TEXT, severity } from './pods';

/**
 * The trust policy of an external role in AWS allows the pods to assume the role in each mode of its stage. Before a step, AWS has the trust policy that
 * must stand during the step: no apply of podlift writes it, forward or back. Statements of others get a warning, since the owner could remove them
 * with what `podlift trust` prints.
 */
export function externalTrust(subject: WorkloadOnCluster): CheckAsk {
  const { workload, parts, next, questions } = subject;
  const stage = next === undefined ? workload.stage : ownerWrites(workload.stage, next).during;
  return ask([questions.pods, questions.association], (pods, associated) =>
    need([questions.role], (found) => {
      if (found?.arn !== parts.role.arn) return [];
      const tagged = { ...subject, workload: asAssociated(workload, associated) };
      const judge = (audience?: string): readonly CheckResult[] => {
        const modes = (['pod-identity', 'irsa'] as const).flatMap((mode) =>
          judgeMode(tagged, found, { stage, mode, pods, ...(audience !== undefined && { audience }) }),
        );
        if (next === undefined || modes.some(({ state }) => state === 'problem' || state === 'unknown')) return modes;
        return [...modes, statements(subject, found, stage)];
      };
      if (!dependsOnAudience(accessBy(tagged, found, 'irsa'))) return judge();
      return ask([questions.role, questions.serviceAccount], (_, account) =>
        judge(account.ok ? account.value?.annotations[AUDIENCE_ANNOTATION] : undefined),
      );
    }),
  );
}

function accessBy(subject: WorkloadOnCluster, found: RoleFacts, mode: Mode, audience?: string) {
  const { environment, cluster, now } = subject;
  const pods = { ...podsOf(subject), ...(audience !== undefined && { audience }) };
  return podAccess(found, environment, pods, cluster, mode, now);
}

interface JudgedMode {
  /** The stage whose trust policy must stand. */
  readonly stage: Stage;
  readonly mode: Mode;
  readonly pods: Answer<readonly PodFacts[]>;
  readonly audience?: string;
}

function judgeMode(
  subject: WorkloadOnCluster,
  found: RoleFacts,
  { stage, mode, pods, audience }: JudgedMode,
): readonly CheckResult[] {
  const { environment, workload, cluster, next } = subject;
  const isPromised = ({ trustsOidc, trustsPodIdentity }: typeof subject.row) =>
    mode === 'irsa' ? trustsOidc && cluster.oidc !== undefined : trustsPodIdentity;
  if (!isPromised(STAGE_TABLE[stage])) return [];
  const access = accessBy(subject, found, mode, audience);
  const more = { inspect: inspectTrust(environment.account, found.name) };
  if (access.result === 'allowed')
    return [pass(`the trust policy allows its pods to assume the role through ${MODE_TEXT[mode]}`, more)];
  if (access.result === 'depends') {
    const question = `whether the trust policy allows its pods to assume the role through ${MODE_TEXT[mode]}`;
    return [depends(question, access.dependsOn, more)];
  }
  const text = [
    `the trust policy denies its pods the role through ${MODE_TEXT[mode]}:`,
    ...access.denied.map(explain),
  ].join('\n');
  // The owner was early: the new stage does not have the mode, and other checks find the pods that still use it.
  if (next !== undefined && !isPromised(judgedRow(subject)))
    return [
      note(
        `the trust policy already denies its pods the role through ${MODE_TEXT[mode]}`,
        'The new stage needs no such trust.',
      ),
    ];
  const kept = workload.role.keepTrust !== undefined && access.denied.some(({ reason }) => reason === 'explicit deny');
  const write = ownerMustWrite(externalOf(subject), stage, others(subject, found, stage));
  const staged = { ...workload, stage };
  const atStage = { ...subject, workload: staged, parts: compileWorkload(environment, staged) };
  const ofInventory = kept ? inventoryAdvice(atStage, { mode, role: found, audience }, write) : undefined;
  return [fail(next === undefined ? severity(subject, pods, mode) : 'problem', text, ofInventory ?? write, more)];
}

/** Whether AWS has the statements of the stage whose trust policy must stand during a step. */
function statements(subject: WorkloadOnCluster, found: RoleFacts, stage: Stage): CheckResult {
  const { environment, workload, parts, next = stage } = subject;
  const { name } = parts.role;
  const at = trustAt(environment, workload);
  const [during, after] = [stage, next].map((one) => compareTrust(at(one), found.trust));
  const missing = during?.missing ?? [];
  const extra = during?.extra ?? [];
  // An early owner has the trust policy of the new stage already: the modes say it.
  const isEarly = after?.missing.length === 0 && ownerWrites(workload.stage, next).when === 'after';
  if (missing.length > 0 && !isEarly)
    return problem(
      `the trust policy of ${name} is not yet the one of the stage ${stage}: ${counted(missing.length)} missing, ${counted(extra.length)} of others`,
      ownerMustWrite(externalOf(subject), stage, extra.length),
    );
  if (extra.some(admitsPods) && !isBack(subject))
    return problem(`the trust policy of ${name} admits other pods through Pod Identity than those of the inventory`, [
      `If this statement is for other workloads, write it into workloads.${workload.key}.role.keepTrust with because. Otherwise the owner removes it:`,
      ownerMustWrite(externalOf(subject), stage),
    ]);
  if (extra.length === 0)
    return pass(`the trust policy of ${name} is as the step ${isBack(subject) ? 'back ' : ''}needs it`);
  return fail(
    'warning',
    `the trust policy of ${name} is as the step needs it, and has ${counted(extra.length)} that the inventory does not have`,
    `If others need them, write them into workloads.${workload.key}.role.keepTrust: what podlift trust prints for the owner does not have them otherwise.`,
  );
}

/**
 * Whether AWS has the statements of an external target role that must stand during a step: no apply writes them, forward or back. The role may have others, since
 * it serves others too.
 */
export function externalTargetTrust(
  { environment, workload }: WorkloadOnCluster,
  { name, target }: Pick<TargetRole, 'name' | 'target'>,
  found: RoleFacts,
  next: Stage,
): readonly CheckResult[] {
  const owned = ownedRoles(environment, workload, workload.stage, next).find((one) => one.target === target);
  if (owned === undefined) return [];
  const { during, when, before, after } = owned;
  const { missing, extra } = compareTrust(during === next ? after : before, found.trust);
  if (missing.length === 0)
    return [
      pass(
        extra.length > 0
          ? `the trust policy of ${name} is as the step needs it, and has ${counted(extra.length)} of others`
          : `the trust policy of ${name} is as the step needs it`,
      ),
    ];
  if (when === 'after' && compareTrust(after, found.trust).missing.length === 0)
    return [
      note(
        `the trust policy of ${name} is already the one of the stage ${next}`,
        `It must be the one of the stage ${during} until the step is applied and pods are restarted.`,
      ),
    ];
  return [
    problem(
      `the trust policy of ${name} is not yet the one of the stage ${during}: ${counted(missing.length)} missing, ${counted(extra.length)} of others`,
      ownerMustWrite({ environment, workload, role: name, target }, during, extra.length),
    ),
  ];
}

/** Whether a statement is for pods with Pod Identity. */
function admitsPods({ Effect, Principal }: Statement): boolean {
  const services = typeof Principal === 'object' ? listOf(Principal.Service ?? []) : [];
  return Effect === 'Allow' && services.includes(POD_IDENTITY_SERVICE);
}

function others({ environment, workload }: WorkloadOnCluster, found: RoleFacts, stage: Stage): number {
  return compareTrust(trustAt(environment, workload)(stage), found.trust).extra.length;
}

/** The external role of a workload, for its remedy. */
export function externalOf({
  environment,
  workload,
  parts,
}: Pick<WorkloadOnCluster, 'environment' | 'workload' | 'parts'>): ExternalRole {
  return { environment, workload, role: parts.role.name };
}

function counted(count: number): string {
  return count === 1 ? '1 statement' : `${count} statements`;
}
