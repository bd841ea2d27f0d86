import { assumedRoles } from '../../../iam/assumedRoles';
import type { Holder } from '../../resolve/Model';
import { isPast } from '../../Inventory';
import type { Rule } from '../Rule';
import { partOf, policyStatements } from '../statements';

/**
 * Sessions of Pod Identity have session tags, which STS sends again with each `AssumeRole`: the trust policy of the next role must allow
 * `sts:TagSession`, which IRSA did not need. podlift writes the trust policies of targets. The check of the same name reads those of other roles.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_role-chaining
 */
export const undeclaredHop: Rule = {
  name: 'undeclared-hop',
  severities: ['warning'],
  what: 'From `prepared` on, a workload with session tags is allowed to assume only its targets. A statement with a reason in `because` may allow other roles.',
  example:
    'pods can assume arn:aws:iam::111111111111:role/reports, which is no target: on Pod Identity its trust policy must allow sts:TagSession',
  *check(model) {
    for (const { holder, statement, path, because } of policyStatements(model)) {
      if (because !== undefined || !isOfTaggedPods(holder)) continue;
      const known = arnsOf(holder);
      const { key } = holder.placed.workload;
      const { roles, patterns } = assumedRoles([{ document: { Statement: statement } }]);
      for (const resource of [...roles, ...patterns]) {
        if (known.includes(resource)) continue;
        const named = roles.includes(resource)
          ? `${resource}, which is no target`
          : `each role that ${resource} matches`;
        const whose = roles.includes(resource) ? 'its trust policy' : 'their trust policies';
        yield {
          path: path(statement.Resource === undefined ? ['NotResource'] : partOf(statement, 'Resource', resource)),
          about: resource,
          message: `pods can assume ${named}: on Pod Identity ${whose} must allow sts:TagSession`,
          hint: `Allow sts:TagSession beside sts:AssumeRole in ${whose} and in this statement, then add the reason as \`because\` to the statement (or to the entry of \`use\`). Or write workloads.${key}.sessionTags: false, if no policy needs the session tags. Or write the role into workloads.${key}.targets with role: { manage: external, name: NAME }: podlift then prints the trust policy that its owner must write.`,
        };
      }
    }
  },
};

/** Whether pods use the role itself with session tags, now or after the next step: with a target of `via: association` they have that role instead. */
function isOfTaggedPods({ isReal, target, placed: { workload } }: Holder): boolean {
  if (!isReal || target !== undefined || !workload.sessionTags || !isPast(workload.stage, 'irsa')) return false;
  return !workload.targets.some(({ via }) => via === 'association');
}

/** The role itself, of which the check `self-assume` says more, and its targets. */
function arnsOf({ placed: { environment, workload } }: Holder): readonly string[] {
  const arn = (account: string, { path, name }: { readonly path: string; readonly name: string }) =>
    `arn:${environment.partition}:iam::${account}:role${path}${name}`;
  return [
    arn(environment.account.id, workload.role),
    ...workload.targets.map(({ account, role }) => arn(account.id, role)),
  ];
}
