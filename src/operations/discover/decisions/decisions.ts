import type { Decision } from '../Scene';
import { alreadyThere } from './alreadyThere';
import { chained, selfAssuming } from './chained';
import { namedRole, roleIsThere, wholeArn } from './namedRole';
import { notLetIn, soundPolicies, soundTrust } from './notLetIn';
import { otherAccount } from './otherAccount';
import { ownedByAws } from './ownedByAws';
import { sharedRole } from './sharedRole';
import { takenRole } from './takenRole';

/** The reasons to leave a service account out that are looked for before its role's trust is, in this order; the first one counts. */
export const DECISIONS: readonly Decision[] = [
  alreadyThere,
  namedRole,
  wholeArn,
  soundTrust,
  notLetIn,
  soundPolicies,
  otherAccount,
  roleIsThere,
  takenRole,
  ownedByAws,
  sharedRole,
  chained,
  selfAssuming,
];
