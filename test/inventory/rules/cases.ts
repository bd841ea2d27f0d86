import { ADDON_CASES } from './addonCases';
import { ADOPTION_CASES } from './adoptionCases';
import { CLUSTER_FORMAT_CASES } from './clusterFormatCases';
import { DUPLICATE_CASES } from './duplicateCases';
import { FORMAT_CASES } from './formatCases';
import { KEPT_TRUST_CASES } from './keptTrustCases';
import { LOST_MEANING_CASES } from './lostMeaningCases';
import { PERMISSION_CASES } from './permissionCases';
import { PATTERN_CASES } from './patternCases';
import { PLACE_CASES } from './placeCases';
import { REFERENCE_CASES } from './referenceCases';
import { SHAPE_CASES } from './shapeCases';
import type { RuleCase } from './RuleCase';
import { RELEASE_CASES } from './releaseCases';
import { STAGE_CASES } from './stageCases';
import { STATE_CASES } from './stateCases';
import { USE_CASES } from './useCases';

export const CASES: readonly RuleCase[] = [
  ...SHAPE_CASES,
  ...FORMAT_CASES,
  ...CLUSTER_FORMAT_CASES,
  ...DUPLICATE_CASES,
  ...PLACE_CASES,
  ...REFERENCE_CASES,
  ...STAGE_CASES,
  ...PERMISSION_CASES,
  ...LOST_MEANING_CASES,
  ...KEPT_TRUST_CASES,
  ...ADDON_CASES,
  ...ADOPTION_CASES,
  ...RELEASE_CASES,
  ...STATE_CASES,
  ...PATTERN_CASES,
  ...USE_CASES,
];
