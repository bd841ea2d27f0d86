import { sessionConnections } from '../../../iam/sessionConnections';
import type { Holder } from '../../resolve/Model';
import { isPast } from '../../Inventory';
import type { Rule } from '../Rule';
import { partOf, policyStatements } from '../statements';

/** EKS gives the sessions of Pod Identity a new name at each refresh; see `sessionConnections` for the sources. */
export const sessionConnection: Rule = {
  name: 'session-connection',
  severities: ['warning'],
  what: 'From `prepared` on, no role of the pods has actions of Amazon MSK (`kafka-cluster`), which authenticates a connection by the name of the session. A reason in `because` of the statement allows them.',
  example:
    'kafka-cluster:Connect is for connections that Amazon MSK closes at each refresh on Pod Identity, because the session has a new name then',
  *check(model) {
    for (const { holder, statement, path, because } of policyStatements(model)) {
      if (because !== undefined || !isOfPods(holder)) continue;
      for (const action of sessionConnections(statement))
        yield {
          path: path(partOf(statement, 'Action', action)),
          about: action,
          message: `${action} is for connections that Amazon MSK closes at each refresh on Pod Identity, because the session has a new name then`,
          hint: `Give the permissions to a target role too (workloads.${holder.placed.workload.key}.targets, via: workload), and let the Kafka client assume it under a fixed name (awsRoleArn and awsRoleSessionName of aws-msk-iam-auth). Then remove them here. If the client connects again by itself, add that as \`because\` to the statement.`,
        };
    }
  },
};

/** Whether EKS names the sessions of the role: of the role of the workload, or of the target of its association. */
function isOfPods({ isReal, target, placed: { workload } }: Holder): boolean {
  if (!isReal || !isPast(workload.stage, 'irsa')) return false;
  const instead = workload.targets.find(({ via }) => via === 'association');
  return target === undefined ? instead === undefined : target.key === instead?.key;
}
