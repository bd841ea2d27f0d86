import type { Segments } from '../../Finding';
import { didYouMean, listed } from '../../suggest';
import { type Found, type Rule, writtenFields } from '../Rule';

export const unknownAccount: Rule = {
  name: 'unknown-account',
  what: 'Environments and targets name accounts that are defined.',
  example: 'there is no account "app-prod": did you mean "apps-prod"?',
  *check({ written, defined }) {
    if (defined.unreadable.has('accounts')) return;
    const check = function* (account: string | undefined, path: Segments): Generator<Found> {
      if (account === undefined || defined.accounts.has(account)) return;
      yield {
        path,
        message: `there is no account "${account}": ${didYouMean(account, defined.accounts)}accounts: ${listed(defined.accounts)}`,
        hint: 'Correct the name, or add the account under `accounts`.',
      };
    };
    for (const [key, environment] of Object.entries(written.environments))
      yield* check(environment.account, ['environments', key, 'account']);
    for (const { fields, path } of writtenFields({ written }))
      for (const [target, { account }] of Object.entries(fields.targets ?? {}))
        yield* check(account, [...path, 'targets', target, 'account']);
  },
};
