import type { CompareRule } from '../compare';

export const environmentMoved: CompareRule = {
  name: 'environment-moved',
  what: 'An environment with workloads keeps its account and its region.',
  example: 'environment "prod" moves from account apps-prod (333333333333) to data-prod (444444444444)',
  *check({ environments }) {
    for (const { base, head } of environments.kept) {
      if (base.workloads.length === 0) continue;
      if (base.account.id !== head.account.id && base.account.key !== head.account.key) {
        yield {
          path: ['environments', head.key, 'account'],
          message: `environment "${head.key}" moves from account ${base.account.key} (${base.account.id}) to ${head.account.key} (${head.account.id}): podlift would create all its roles again`,
          hint: 'Add an environment for the new account, move the workloads, then remove the old one.',
        };
      }
      if (base.region !== head.region) {
        yield {
          path: ['environments', head.key, 'region'],
          message: `environment "${head.key}" moves from region ${base.region} to ${head.region}`,
          hint: 'Add an environment for the new region, move the workloads, then remove the old one.',
        };
      }
    }
  },
};
