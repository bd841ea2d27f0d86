import { type Rule, undefinedEntry, writtenFields } from '../Rule';

export const unknownAccount: Rule = {
  name: 'unknown-account',
  what: 'Environments and targets name accounts that are defined.',
  example: 'there is no account "app-prod": did you mean "apps-prod"?',
  *check(model) {
    for (const [key, { account }] of Object.entries(model.written.environments))
      yield* undefinedEntry('accounts', account, model, ['environments', key, 'account']);
    for (const { fields, path } of writtenFields(model))
      for (const [target, { account }] of Object.entries(fields.targets ?? {}))
        yield* undefinedEntry('accounts', account, model, [...path, 'targets', target, 'account']);
  },
};
