import { need } from '../../estate/ask';
import { remedyOf } from './annotation';
import { type CheckFunction, fail, pass } from './Check';

/** The service account exists. */
export const serviceAccount: CheckFunction = (subject) => {
  const { workload, cluster, parts } = subject;
  const account = parts.serviceAccounts.find((one) => one.cluster === cluster.key);
  if (account === undefined) return [];
  const { namespace } = workload;
  const { name } = workload.serviceAccount;
  return [
    need([{ ask: 'serviceAccount', cluster: cluster.arn, namespace, name }], (found) => [
      found === undefined
        ? fail('problem', `there is no service account ${namespace}/${name}`, remedyOf(subject, account, undefined))
        : pass(`${namespace}/${name} exists`),
    ]),
  ];
};
