import { isDeepStrictEqual } from 'node:util';
import { dependsOnAudience, type Mode, podAccess, type ServiceAccountPods } from '../../comparison/access';
import { AUDIENCE_ANNOTATION } from '../../comparison/annotation';
import { compareTrust, stagesOfTrust } from '../../comparison/trust';
import type { Role } from '../../blueprint/Blueprint';
import { compileWorkload, type WorkloadParts } from '../../blueprint/compileWorkload';
import type { StageRow } from '../../blueprint/stageTable';
import { explain } from '../../iam/explain';
import { ask, need } from '../../estate/ask';
import type { RoleFacts } from '../../estate/aws/AwsPort';
import type { Access } from '../../iam/credentialAccess';
import type { PolicyDocument } from '../../iam/PolicyDocument';
import type { Account, Stage } from '../../inventory/Inventory';
import { type Advice, applyStacks, inspectTrust, stacks } from '../remedies';
import {
  applyStage,
  type CheckAsk,
  type CheckFunction,
  type CheckResult,
  depends,
  fail,
  isBack,
  judgedRow,
  note,
  pass,
  problem,
  type WorkloadOnCluster,
  podsOf,
} from './Check';
import { targetTrustAt, trustAt } from './adoption';
import { externalTargetTrust, externalTrust } from './externalTrust';
import { inventoryAdvice } from './refusedTrust';
import { asAssociated, MODE_TEXT, severity } from './pods';
import { roleQuestion } from './rolePermissions';

/**
 * The trust policy of the role in AWS allows the workload's pods to assume the role in each mode that the stage promises, by an evaluation. Before a
 * step, it allows no other mode, and the trust policies of the role and of its target roles say what the inventory says. An adopted role may have statements of others
 * besides (GitHub's OIDC provider, another cluster).
 */
export const trust: CheckFunction = (subject) => {
  const { environment, workload, parts, next } = subject;
  const own = workload.role.manage === 'external' ? externalTrust(subject) : managedTrust(subject);
  if (next === undefined) return own;
  const targets = parts.targetRoles.map((target) =>
    need([roleQuestion(target.account, target.name)], (found) =>
      found?.arn !== target.arn
        ? []
        : target.manage === 'external'
          ? externalTargetTrust(subject, target, found, next)
          : statements(
              subject,
              target,
              target.account,
              found,
              target.adopt === true,
              targetTrustAt(environment, workload, target),
            ),
    ),
  );
  return [own, ...targets];
};

function managedTrust(subject: WorkloadOnCluster): CheckAsk {
  const { environment, workload, parts, next, questions } = subject;
  return ask([questions.pods, questions.association], (pods, associated) =>
    need([questions.role], (found) => {
      if (found?.arn !== parts.role.arn) return [];
      const tagged = { ...subject, workload: asAssociated(workload, associated) };
      const judge = (audience?: string): readonly CheckResult[] => {
        const modes = (['pod-identity', 'irsa'] as const).flatMap((mode) => {
          const access = accessBy(tagged, found, mode, audience);
          const harmless = isBack(subject) ? harmlessBack(tagged, found, mode, access, audience) : undefined;
          if (harmless !== undefined) return harmless;
          const state = next === undefined ? severity(subject, pods, mode) : 'problem';
          const inventory = inventoryAdvice(subject, { mode, role: found, audience });
          return judgeMode(tagged, found, mode, access, state, inventory);
        });
        if (next === undefined || modes.some(({ state }) => state === 'problem' || state === 'unknown')) return modes;
        const { adopt } = workload.role;
        const rest = statements(subject, parts.role, environment.account, found, adopt, trustAt(environment, workload));
        // The note of a mode says it already.
        return rest.state === 'warning' && modes.some(({ state }) => state === 'warning') ? modes : [...modes, rest];
      };
      if (!dependsOnAudience(accessBy(tagged, found, 'irsa'))) return judge();
      return ask([questions.role, questions.serviceAccount], (_, account) =>
        judge(account.ok ? account.value?.annotations[AUDIENCE_ANNOTATION] : undefined),
      );
    }),
  );
}

/**
 * What a step back makes of what the trust policy says of a mode now: its apply writes the trust policy of the stage to which the step leads. Nothing where that
 * policy, as podlift writes it, would not do.
 */
function harmlessBack(
  subject: WorkloadOnCluster,
  found: RoleFacts,
  mode: Mode,
  access: Access,
  audience: string | undefined,
): readonly CheckResult[] | undefined {
  const { workload, cluster, row } = subject;
  const promises = ({ trustsOidc, trustsPodIdentity }: StageRow) =>
    mode === 'irsa' ? trustsOidc && cluster.oidc !== undefined : trustsPodIdentity;
  if (access.result === (promises(row) ? 'allowed' : 'denied')) return undefined;
  const text = `the trust policy of ${found.name} does not match the stage ${workload.stage} for ${MODE_TEXT[mode]}: ${access.result}`;
  // What the step leads to does not have the mode, and the check restart-needed finds the pods that hold it.
  if (!promises(judgedRow(subject))) return promises(row) ? [note(text, 'The step removes this trust.')] : undefined;
  const written = { ...found, trust: partsAfter(subject).role.trust };
  if (accessBy(subject, written, mode, audience).result !== 'allowed') return undefined;
  return [note(text, 'The apply of the step writes the trust policy again.')];
}

/** What the workload has at the stage to which the step leads. */
function partsAfter({ environment, workload, next = workload.stage }: WorkloadOnCluster): WorkloadParts {
  return compileWorkload(environment, { ...workload, stage: next });
}

/** `audience`: the one that the service account names for the tokens of its pods. */
function accessBy(subject: WorkloadOnCluster, found: RoleFacts, mode: Mode, audience?: string): Access {
  const { environment, cluster, now } = subject;
  const pods: ServiceAccountPods = { ...podsOf(subject), ...(audience !== undefined && { audience }) };
  return podAccess(found, environment, pods, cluster, mode, now);
}

function judgeMode(
  subject: WorkloadOnCluster,
  found: RoleFacts,
  mode: Mode,
  access: Access,
  state: 'problem' | 'warning',
  inventory: Advice | undefined,
): readonly CheckResult[] {
  const { environment, workload, cluster, parts, row, next } = subject;
  const promised = mode === 'irsa' ? row.trustsOidc && cluster.oidc !== undefined : row.trustsPodIdentity;
  const more = { inspect: inspectTrust(environment.account, found.name) };
  if (!promised && next === undefined) return [];
  if (access.result === 'depends') {
    const can = promised ? 'allows its pods' : `allows pods on ${cluster.key}, which it must not at ${workload.stage},`;
    const question = `whether the trust policy ${can} to assume the role through ${MODE_TEXT[mode]}`;
    return [depends(question, access.dependsOn, more)];
  }
  if (!promised) {
    if (access.result === 'denied') return [];
    const text = `pods on ${cluster.key} can assume the role through ${MODE_TEXT[mode]}, and must not at ${workload.stage}`;
    return [problem(text, applyStage(subject), more)];
  }
  if (access.result === 'allowed') {
    const text = `the trust policy allows its pods to assume the role through ${MODE_TEXT[mode]}`;
    if (inventory === undefined) return [pass(text, more)];
    const takes = `${text}, but the one of the inventory does not: an apply takes the role from them`;
    return [fail(state, takes, inventory, { ...more, blocksApply: true })];
  }
  return [
    fail(
      state,
      [`the trust policy denies its pods the role through ${MODE_TEXT[mode]}:`, ...access.denied.map(explain)].join(
        '\n',
      ),
      inventory ?? [DIFFERS, removesOthers(subject, parts.role, found), applyStage(subject)],
      more,
    ),
  ];
}

const DIFFERS =
  'The trust policy of the inventory allows them, and AWS has another one: an apply writes that of the inventory.';

function statements(
  subject: WorkloadOnCluster,
  wanted: Role,
  account: Account,
  found: RoleFacts,
  mayHaveOthers: boolean,
  trustAt: (stage: Stage) => PolicyDocument | undefined,
): CheckResult {
  const { environment, workload } = subject;
  const { missing, extra } = compareTrust(wanted.trust, found.trust);
  if (isBack(subject) && missing.length + extra.length > 0) {
    const { role, targetRoles } = partsAfter(subject);
    const after = [role, ...targetRoles].find(({ arn }) => arn === wanted.arn) ?? wanted;
    const removed = compareTrust(after.trust, found.trust).extra.filter((one) =>
      extra.some((other) => isDeepStrictEqual(one, other)),
    );
    // Others can use what the apply of the step removes; what it adds again, or leaves, costs nobody anything.
    if (removed.length === 0 || mayHaveOthers)
      return note(
        `the trust policy of ${wanted.name} does not match the stage ${workload.stage}: ${counted(missing.length)} missing, ${counted(extra.length)} too many`,
        'The apply of the step removes no statement that others use, and adds what is missing.',
      );
  }
  if (missing.length > 0 || (extra.length > 0 && !mayHaveOthers))
    return problem(
      `the trust policy of ${wanted.name} does not match the stage ${workload.stage}: ${counted(missing.length)} missing, ${counted(extra.length)} too many${ofOtherStage(found, trustAt)}`,
      [removesOthers(subject, wanted, found), applyStacks(stacks.target(environment, account))],
    );
  return pass(
    extra.length > 0
      ? `the trust policy of ${wanted.name} matches the stage ${workload.stage}, and has ${counted(extra.length)} of others`
      : `the trust policy of ${wanted.name} matches the stage ${workload.stage}`,
  );
}

/** The trust policy of another stage: the stage of the inventory is not applied yet. */
function ofOtherStage({ trust: found }: RoleFacts, trustAt: (stage: Stage) => PolicyDocument | undefined): string {
  const stages = stagesOfTrust(found, trustAt);
  return stages.length === 0 ? '' : `. It is the trust policy of ${stages.join(', ')}`;
}

/** Others can use what an apply removes: the trust policy of a role also has statements that people wrote. */
function removesOthers({ workload, parts }: WorkloadOnCluster, wanted: Role, found: RoleFacts): Advice {
  if (compareTrust(wanted.trust, found.trust).extra.length === 0) return [];
  const keeps = wanted === parts.role && workload.role.adopt;
  return [
    'An apply removes the statements that the inventory does not have, and others can use them. Find out first who uses the role (CloudTrail).',
    keeps ? `To keep statements of others, write them into workloads.${workload.key}.role.keepTrust.` : [],
  ];
}

function counted(count: number): string {
  return count === 1 ? '1 statement' : `${count} statements`;
}
