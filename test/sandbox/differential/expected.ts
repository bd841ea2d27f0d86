import { CLUSTERS } from './expected/clusters';
import { POLICIES } from './expected/policies';
import { PROVIDERS } from './expected/providers';
import { ROLES } from './expected/roles';
import { SESSIONS } from './expected/sessions';
import { TAGS } from './expected/tags';
import { TRUSTS } from './expected/trusts';
import type { ExpectedDifferences } from './expected/ExpectedDifferences';

/** The version of moto with these differences. */
export const MOTO_VERSION = '5.2.1';

/** All differences between the sandbox and moto, by reason. */
export const EXPECTED: readonly ExpectedDifferences[] = [
  ...ROLES,
  ...TRUSTS,
  ...POLICIES,
  ...TAGS,
  ...PROVIDERS,
  ...SESSIONS,
  ...CLUSTERS,
];

/** The differences of one reason, each as `tags/5 TagRole: 409 LimitExceeded / 200`. */
export function linesOf({ differ }: ExpectedDifferences): readonly string[] {
  return differ.flatMap(({ lines, at }) =>
    Object.entries(at).flatMap(([call, indexes]) => {
      const [scenario, operation] = call.split(': ');
      return indexes.flatMap((index) => lines.map((line) => `${scenario}/${index} ${operation}: ${line}`));
    }),
  );
}
