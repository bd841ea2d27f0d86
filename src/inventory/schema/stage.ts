import { z } from 'zod';
import { STAGES } from '../Inventory';

/** One of the five stages, in the order of a migration. */
export const stageSchema = z.enum(STAGES).meta({
  description:
    'irsa: as before. prepared: the role trusts both. dual: the association stands, new pods use Pod Identity. cutover: the annotation is gone. pod-identity: OIDC trust is gone.',
});
