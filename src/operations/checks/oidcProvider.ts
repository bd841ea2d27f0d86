import { oidcProviderArn } from '../../blueprint/arns';
import { IRSA_AUDIENCE } from '../../blueprint/sourceTrust';
import { compareOidcProvider } from '../../comparison/cluster';
import { ask, need } from '../../estate/ask';
import type { Cluster } from '../../inventory/Inventory';
import { type Advice, aws } from '../remedies';
import {
  applyStage,
  type CheckFunction,
  fail,
  importFails,
  judgedRow,
  neverApplied,
  pass,
  type WorkloadOnCluster,
} from './Check';
import { severity } from './pods';

/** Where the stage keeps IRSA, IAM has the cluster's OIDC provider, and the provider accepts the audience of IRSA's tokens. */
export const oidcProvider: CheckFunction = (subject) => {
  const { cluster, environment, questions } = subject;
  const { account, partition } = environment;
  const { oidc } = cluster;
  if (!judgedRow(subject).trustsOidc || oidc === undefined) return [];
  const arn = oidcProviderArn(partition, account.id, oidc.issuer);
  const question = { ask: 'oidcProvider', account: account.id, arn } as const;
  return need([question], (provider) => {
    const [mismatch] = compareOidcProvider(provider);
    if (mismatch === undefined) return pass(`the OIDC provider exists and accepts ${IRSA_AUDIENCE}`);
    return ask([question, questions.pods, questions.role], (_, pods, role) => {
      const state = severity(subject, pods, 'irsa');
      if (mismatch.what === 'missing')
        return fail(
          state,
          `there is no OIDC provider ${arn}: STS denies the tokens of this cluster`,
          creation(subject, oidc, neverApplied(role)),
        );
      return fail(state, `the OIDC provider accepts the audiences ${mismatch.found ?? 'none'}, not ${IRSA_AUDIENCE}`, [
        'Add the audience:',
        aws(account)`iam add-client-id-to-open-id-connect-provider --open-id-connect-provider-arn ${arn}
          --client-id ${IRSA_AUDIENCE}`,
      ]);
    });
  });
};

function creation(
  subject: WorkloadOnCluster,
  { issuer, provider, adopt }: NonNullable<Cluster['oidc']>,
  never: boolean,
): Advice {
  const { cluster, environment } = subject;
  const create = aws(environment.account)`iam create-open-id-connect-provider --url ${issuer}
    --client-id-list ${IRSA_AUDIENCE}`;
  if (provider !== 'managed')
    return [
      `Create the provider where the cluster is created, or by hand. Or let podlift manage it: write oidc: { issuer, provider: managed } at cluster ${cluster.key}.`,
      create,
    ];
  if (!adopt || !never) return applyStage(subject);
  return [
    `${importFails('the provider')}. Remove adopt from oidc of cluster ${cluster.key} in the inventory, or create the provider again by hand:`,
    create,
    applyStage(subject),
  ];
}
