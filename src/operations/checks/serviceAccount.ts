import { need } from '../../estate/ask';
import { remedyFor } from './annotation';
import { type CheckFunction, pass, problem } from './Check';

/** The service account exists. */
export const serviceAccount: CheckFunction = (subject) => {
  const { cluster, parts, questions } = subject;
  const wanted = parts.serviceAccounts.find((one) => one.cluster === cluster.key);
  if (wanted === undefined) return [];
  const name = `${wanted.namespace}/${wanted.name}`;
  return need([questions.serviceAccount], (found) =>
    found === undefined
      ? problem(`there is no service account ${name}`, remedyFor(subject, wanted, undefined))
      : pass(`${name} exists`),
  );
};
