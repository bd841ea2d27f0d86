import { roleArn } from '../../../blueprint/arns';
import type { ReviewRule } from '../Review';

/**
 * Without session tags the trust policy cannot tell the account's pods apart: only associations decide which pods get the role.
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html
 */
export const sessionTagsOff: ReviewRule = {
  name: 'session-tags-off',
  severities: ['warning'],
  what: 'A workload keeps its session tags, and a new one has them.',
  example:
    'sessionTags is false for workload "search" in prod: everyone who may create associations in account 333333333333 may get its role',
  *check(workloads) {
    for (const { environment, workload, before } of workloads) {
      if (workload.sessionTags || before?.base.sessionTags === false) continue;
      const { partition, account } = environment;
      const who = `everyone who may create associations in account ${account.id}`;
      yield {
        path: ['workloads', workload.key, 'sessionTags'],
        message: `sessionTags is false for workload "${workload.key}" in ${environment.key}: ${who} may get its role`,
        hint: 'Remove `sessionTags: false`, or have a reviewer confirm who may create associations in the account.',
        grants: [
          {
            kind: 'assume',
            environment: environment.key,
            workload: workload.key,
            who,
            actions: ['sts:AssumeRole', 'sts:TagSession'],
            resources: [roleArn(partition, account.id, workload.role.path, workload.role.name)],
          },
        ],
      };
    }
  },
};
