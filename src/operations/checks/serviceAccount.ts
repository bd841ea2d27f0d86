import { need } from '../../estate/ask';
import { annotationRemedy } from '../annotationRemedy';
import { type CheckFunction, fail, pass } from './Check';

/** The service account exists. */
export const serviceAccount: CheckFunction = ({ environment, workload, cluster, parts }) => {
  const { namespace, stage } = workload;
  const { name } = workload.serviceAccount;
  const account = parts.serviceAccounts.find((one) => one.cluster === cluster.key);
  if (account === undefined) return [];
  return [
    need([{ ask: 'serviceAccount', cluster: cluster.arn, namespace, name }], (found) => {
      if (found !== undefined) return [pass(`${namespace}/${name} exists`)];
      const { remedy } = annotationRemedy({ environment: environment.key, cluster, account, stage }, undefined);
      return [fail('problem', `there is no service account ${namespace}/${name}`, remedy)];
    }),
  ];
};
