import { IRSA_AUDIENCE } from '../../blueprint/sourceTrust';
import { compareAnnotation, isKeptByAddon, ROLE_ANNOTATION, roleAnnotation } from '../../comparison/annotation';
import { need } from '../../estate/ask';
import { annotationRemedy } from '../annotationRemedy';
import { kubectl, say } from '../remedies';
import { type CheckFunction, type CheckResult, fail, pass } from './Check';

const AUDIENCE_ANNOTATION = 'eks.amazonaws.com/audience';

export const annotation: CheckFunction = ({ environment, workload, cluster, parts, row }) => {
  const { namespace, stage, serviceAccount } = workload;
  const { name } = serviceAccount;
  const account = parts.serviceAccounts.find((one) => one.cluster === cluster.key);
  if (account === undefined) return [];
  return [
    need([{ ask: 'serviceAccount', cluster: cluster.arn, namespace, name }], (found) => {
      if (found === undefined) return [];
      const results: CheckResult[] = [];
      const irsaNow = row.newPodUses === 'irsa';
      const [mismatch] = compareAnnotation(account, found);
      const wanted = roleAnnotation(account);
      if (mismatch !== undefined)
        results.push(
          fail(
            irsaNow ? 'problem' : 'warning',
            `${ROLE_ANNOTATION} is ${mismatch.found ?? 'not there'}, should be ${wanted ?? `none at ${stage}`}${irsaNow ? '' : ': the association comes first'}`,
            annotationRemedy({ environment: environment.key, cluster, account, stage }, found).remedy,
          ),
        );
      const audience = found.annotations[AUDIENCE_ANNOTATION];
      if (wanted !== undefined && audience !== undefined && audience !== IRSA_AUDIENCE)
        results.push(
          fail(
            irsaNow ? 'problem' : 'warning',
            `${AUDIENCE_ANNOTATION} is ${audience}: the trust policy requires ${IRSA_AUDIENCE}`,
            [
              say('Remove it:'),
              kubectl(cluster, namespace, 'annotate', 'serviceaccount', name, `${AUDIENCE_ANNOTATION}-`),
            ],
          ),
        );
      if (results.length > 0) return results;
      if (isKeptByAddon(account, found)) return [pass('the add-on keeps its annotation')];
      return [pass(wanted === undefined ? `no annotation, as at ${stage}` : 'annotated with this role')];
    }),
  ];
};
