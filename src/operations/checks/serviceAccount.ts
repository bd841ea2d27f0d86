import { compareAnnotation } from '../../comparison/annotation';
import { need } from '../../estate/ask';
import { remedyFor } from './annotation';
import { type CheckFunction, fail, pass } from './Check';

/** The service account exists. Before a step the check `annotation` says so where the account must have the annotation; elsewhere no pod can lose anything. */
export const serviceAccount: CheckFunction = (subject) => {
  const { cluster, parts, questions, next } = subject;
  const wanted = parts.serviceAccounts.find((one) => one.cluster === cluster.key);
  if (wanted === undefined) return [];
  const name = `${wanted.namespace}/${wanted.name}`;
  return need([questions.serviceAccount], (found) => {
    if (found !== undefined) return pass(`${name} exists`);
    if (next !== undefined && compareAnnotation(wanted, found).length > 0) return [];
    const state = next === undefined ? 'problem' : 'warning';
    return fail(state, `there is no service account ${name}`, remedyFor(subject, wanted, undefined));
  });
};
