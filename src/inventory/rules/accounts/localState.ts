import type { Rule } from '../Rule';

/** A local state file is lost with the workstation, and two operators overwrite each other's file. A `readRole` alone applies nothing. */
export const localState: Rule = {
  name: 'local-state',
  severities: ['warning'],
  what: 'An environment has `state` if the inventory has a second account or a `deployRole`.',
  example: 'environment "prod" keeps its Terraform state in a local file',
  *check({ written, defined }) {
    const accounts = Object.values(written.accounts);
    const shared = defined.accounts.size > 1 || accounts.some(({ deployRole }) => deployRole !== undefined);
    if (!shared) return;
    for (const [key, { state }] of Object.entries(written.environments)) {
      if (state !== undefined) continue;
      yield {
        path: ['environments', key],
        message: `environment "${key}" keeps its Terraform state in a local file`,
        hint: 'Write state: { s3: { bucket: NAME, region: REGION } } or another backend (docs/STATE.md), since a local file is lost with its folder. Then move the existing states:\nnpx podlift state move --from-local',
        at: 'key',
      };
    }
  },
};
