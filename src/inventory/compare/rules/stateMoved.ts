import { isDeepStrictEqual } from 'node:util';
import type { CompareRule } from '../CompareRule';

/** Terraform finds what it manages through its state alone. */
export const stateMoved: CompareRule = {
  name: 'state-moved',
  severities: ['warning'],
  what: 'The `state` of an environment stays in its place.',
  example: 'the state of prod moves: a plan without the old state would create everything again',
  *check({ environments }) {
    for (const { base, head } of environments.kept) {
      if (base.workloads.length === 0 || isDeepStrictEqual(base.state, head.state)) continue;
      yield {
        path: ['environments', head.key, ...(head.state === undefined ? [] : ['state'])],
        message: `the state of ${head.key} moves: a plan without the old state would create everything again`,
        hint: 'Move each state before the next plan: synthesise, then run terraform init -migrate-state in the folder of each stack.',
      };
    }
  },
};
