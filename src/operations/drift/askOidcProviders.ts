import { identityStackName } from '../../inventory/stackNames';
import { IRSA_AUDIENCE } from '../../blueprint/sourceTrust';
import { awsPlace } from '../evidence/places';
import type { Ports } from '../../estate/Ports';
import { answered } from './answered';
import type { Difference } from './Difference';
import { applied, type Scope } from './Scope';
import { neverApplied } from './appliedAt';
import { withoutImport } from './withoutImport';

/** Asks for the OIDC providers that podlift manages: without them no trust policy of IRSA means anything. */
export function askOidcProviders(scope: Scope, ports: Ports): readonly Promise<readonly Difference[]>[] {
  const { environment, blueprint, clusters } = scope;
  const keys = new Set(clusters.map(({ key }) => key));
  return blueprint.oidcProviders
    .filter(({ cluster }) => keys.has(cluster))
    .map(async ({ cluster, arn, adopt }) => {
      const wanted = `takes the audience ${IRSA_AUDIENCE}`;
      const question = {
        kind: 'oidc-provider',
        environment: environment.key,
        cluster,
        where: arn,
        asked: `iam:GetOpenIDConnectProvider ${arn}`,
        of: awsPlace(environment.account, environment.region),
        expected: wanted,
      } as const;
      const answer = await ports.aws(environment.account, environment.region).oidcProvider(arn);
      const stops = adopt && answer.ok && answer.value === undefined && (await neverApplied(scope, ports));
      return answered(question, answer, (facts) => {
        if (facts?.audiences.includes(IRSA_AUDIENCE) === true) return [];
        const found = facts === undefined ? 'no such provider' : `takes ${facts.audiences.join(', ') || 'no audience'}`;
        const stacks = [identityStackName(environment.key)];
        const remedy = stops
          ? withoutImport({
              path: `clusters.${cluster}.oidc.adopt`,
              undo: 'take away',
              then: 'makes it',
              again: 'make it again by hand.',
              stacks,
            })
          : applied(stacks);
        const effect = 'no pod of the cluster gets in by web identity (IRSA)';
        return [{ kind: 'oidc-provider', where: arn, expected: wanted, found, effect, ...remedy }];
      });
    });
}
