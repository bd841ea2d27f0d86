import { mergeOverrides } from '../../resolve/mergeOverrides';
import type { Rule } from '../Rule';

/** What only an existing role has, and what podlift would write into a role that its owner writes. */
export const existingTarget: Rule = {
  name: 'existing-target',
  what: 'The role of a target is adopted or external, not both. An external one has a `name`. Only these have `keepTrust`; only an adopted one has `description` and `tags`.',
  example: 'the role of target "ledger" keeps trust statements, but podlift creates the role',
  *check({ placed, written }) {
    for (const { workload, environment, at } of placed) {
      const entry = written.workloads[workload.key];
      const merged = entry && mergeOverrides(entry, entry.overrides?.[environment.key]);
      for (const { key, role } of workload.targets) {
        const path = (...field: readonly string[]) => at('targets', key, 'role', ...field);
        const whose = `the role of target "${key}"`;
        const isExternal = role.manage !== undefined;
        if (isExternal && role.adopt === true)
          yield {
            path: path('adopt'),
            message: `${whose} is adopted and external: podlift writes an adopted role, and never an external one`,
            hint: 'Remove adopt if the role stays with its owner. Remove manage if podlift takes it.',
            at: 'key',
          };
        if (isExternal && merged?.targets?.[key]?.role?.name === undefined)
          yield {
            path: path('manage'),
            message: `${whose} is external and has no name`,
            hint: 'Write the name of the role that exists: role: { manage: external, name: NAME }. Write its path too, unless it is /.',
            at: 'key',
          };
        for (const field of ['keepTrust', 'description', 'tags'] as const) {
          const isEmpty = role[field] === undefined;
          if (isEmpty || role.adopt === true || (isExternal && field === 'keepTrust')) continue;
          yield {
            path: path(field),
            message: isExternal
              ? `${whose} is external: podlift never writes its ${field}`
              : `${whose} has ${field}, but podlift creates the role`,
            hint: `Remove ${field}, or write adopt: true if the role exists.`,
            at: 'key',
          };
        }
      }
    }
  },
};
