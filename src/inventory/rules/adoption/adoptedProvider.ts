import { clustersOf, type Rule } from '../Rule';

/** podlift imports only a provider that it manages. */
export const adoptedProvider: Rule = {
  name: 'adopted-provider',
  what: '`oidc.adopt` needs `provider: managed`.',
  example: 'the OIDC provider of cluster "main" is adopted, but not managed',
  *check(model) {
    for (const { environment, cluster } of clustersOf(model)) {
      const { key, oidc } = cluster;
      if (oidc === undefined || !oidc.adopt || oidc.provider === 'managed') continue;
      yield {
        path: ['environments', environment.key, 'clusters', key, 'oidc', 'adopt'],
        message: `the OIDC provider of cluster "${key}" is adopted, but not managed`,
        hint: 'Write `provider: managed` if podlift should manage it, or remove `adopt`.',
      };
    }
  },
};
