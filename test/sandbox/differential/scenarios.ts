import { CLUSTERS } from './scenarios/clusters';
import { POLICIES } from './scenarios/policies';
import { PROVIDERS } from './scenarios/providers';
import { ROLES } from './scenarios/roles';
import { SESSIONS } from './scenarios/sessions';
import { TAGS } from './scenarios/tags';
import { TRUST_POLICIES } from './scenarios/trusts';
import type { Scenario } from './scenarios/call';

/** All calls of the differential. */
export const SCENARIOS: readonly Scenario[] = [
  ...ROLES,
  ...TRUST_POLICIES,
  ...POLICIES,
  ...TAGS,
  ...PROVIDERS,
  ...SESSIONS,
  ...CLUSTERS,
];
