import type { Rule } from '../Rule';

/** Source: hashicorp/terraform internal/backend/remote-state/http/client.go (`Lock`: without an address nothing is locked) */
export const unlockedState: Rule = {
  name: 'unlocked-state',
  severities: ['warning'],
  what: 'An `http` state has `lockAddress`: without it two applies at the same time overwrite each other’s state.',
  example: 'nothing locks the states of environment "prod"',
  *check({ inventory }) {
    for (const { key, state } of inventory.environments) {
      if (state === undefined || !('http' in state) || state.http.lockAddress !== undefined) continue;
      yield {
        path: ['environments', key, 'state', 'http'],
        message: `nothing locks the states of environment "${key}"`,
        hint: 'Write lockAddress, with {stack}. If the server has no locks, make sure that only one job applies at a time.',
        at: 'key',
      };
    }
  },
};
