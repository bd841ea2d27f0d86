import { LEAST_DAYS, type RoleUsage, type UsageState } from '../operations/usage/usage';
import type { NoProposal, Proposal } from '../operations/usage/proposal';
import type { Cell, Section } from './Page';

/** What `podlift usage` found, for pages. */
export interface UsageShown {
  readonly roles: readonly RoleUsage[];
  readonly proposals: readonly Proposal[];
  readonly without: readonly NoProposal[];
}

/** What is known of the use of permissions as sections of a page: each role, the proposals, what AWS does not track, and too permissive roles. */
export function usageSections({ roles, proposals, without }: UsageShown): readonly Section[] {
  return [rolesSection(roles), proposalSection(proposals, without), unknownSection(roles), permissiveSection(roles)];
}

const STATES: Readonly<Record<UsageState, string>> = {
  judged: 'judged',
  young: `observed for less than ${LEAST_DAYS} days`,
  moving: 'its workload is between IRSA and Pod Identity',
  external: 'its owner decides (manage: external)',
  missing: 'there is no such role',
  unread: 'AWS did not answer',
  'not-tracked': 'AWS tracks no use in this partition',
};

function rolesSection(roles: readonly RoleUsage[]): Section {
  return {
    id: 'use-of-permissions',
    title: 'Use of permissions',
    lead: 'IAM counts attempts, also denied ones, and shows them within four hours. An action that was added to a policy lately looks unused.',
    blocks: [
      {
        kind: 'table',
        caption: 'Roles and the actions that they did not use',
        columns: [
          { head: 'role' },
          { head: 'environment' },
          { head: 'state' },
          { head: 'last used' },
          { head: 'observed', align: 'right' },
          { head: 'not used' },
        ],
        rows: roles.map((one): readonly Cell[] => [
          one.role,
          one.environment,
          stateCell(one.state),
          one.lastUsed?.slice(0, 10) ?? 'never seen',
          `${one.observedDays} days`,
          unusedOf(one).join(', ') || 'nothing known',
        ]),
        empty: 'No role.',
      },
    ],
  };
}

function stateCell(state: UsageState): Cell {
  if (state === 'judged') return STATES[state];
  return { text: STATES[state], tone: state === 'unread' || state === 'missing' ? 'bad' : 'quiet' };
}

/** The actions of a role that were not used: those of the inventory's statements, and the services of managed policies. */
export function unusedOf({ permissions, managed }: RoleUsage): readonly string[] {
  return [
    ...permissions.flatMap(({ action, verdict, unused = [] }) => {
      if (verdict === 'unused' || verdict === 'service-unused') return [action];
      return verdict === 'pattern' && unused.length > 0 ? [`${unused.join(', ')} (of ${action})`] : [];
    }),
    ...managed.flatMap(({ arn, unused, unusedServices }) => {
      const name = arn.slice(arn.lastIndexOf('/') + 1);
      if (unused === true) return [`all of ${name}`];
      return unusedServices.length === 0 ? [] : [`${unusedServices.join(', ')} (of ${name})`];
    }),
  ];
}

function proposalSection(proposals: readonly Proposal[], without: readonly NoProposal[]): Section {
  return {
    id: 'proposals',
    title: 'Proposals',
    lead: 'Statements without the actions that no environment of the workload used. podlift changes nothing: paste what you agree with, and run podlift check on the change.',
    blocks: [
      ...(proposals.length === 0 ? [{ kind: 'text', text: 'No proposal.' } as const] : []),
      ...proposals.map(({ path, removed, yaml }) => ({
        kind: 'diff' as const,
        title: `${path}: without ${removed.map(({ action }) => action).join(', ')}`,
        lines: yaml
          .trimEnd()
          .split('\n')
          .map((text) => ({ change: 'same' as const, text })),
      })),
      ...(without.length === 0
        ? []
        : [
            {
              kind: 'list' as const,
              items: without.map(
                ({ workload, target, environment, state }) =>
                  `No proposal for ${workload}${target === undefined ? '' : ` (target ${target})`}: in ${environment}, ${STATES[state]}.`,
              ),
            },
          ]),
    ],
  };
}

function unknownSection(roles: readonly RoleUsage[]): Section {
  const actions = (one: RoleUsage, verdict: string) =>
    one.permissions.filter((found) => found.verdict === verdict).map(({ action }) => action);
  const rows = roles.flatMap((one): readonly (readonly Cell[])[] => {
    const lines: readonly (readonly [string, readonly string[]])[] = [
      ['AWS does not track these actions', actions(one, 'not-tracked')],
      ['a pattern; other actions of it are used or not tracked', actions(one, 'pattern')],
      ['needed, whether AWS sees their use or not', actions(one, 'needed')],
      ['somebody archived the finding of an analyzer', actions(one, 'archived')],
      ['AWS did not say', actions(one, 'unknown')],
    ];
    return [
      ...lines.flatMap(([why, found]) => (found.length === 0 ? [] : [[one.role, found.join(', '), why]])),
      ...one.unread.map(({ asked, of, message }) => [
        one.role,
        asked,
        { text: `${of}: ${message}`, tone: 'bad' as const },
      ]),
    ];
  });
  return {
    id: 'use-unknown',
    title: 'What is not known',
    lead: 'These permissions stay in every proposal. IAM tracks no data events, such as s3:GetObject.',
    blocks: [
      {
        kind: 'table',
        caption: 'Permissions of whose use nothing is known',
        columns: [{ head: 'role' }, { head: 'permission or question' }, { head: 'reason' }],
        rows,
        empty: 'Nothing: the use of each permission is known.',
      },
    ],
  };
}

const REASONS: Readonly<Record<string, string>> = {
  administration: 'gives itself or others more access',
  'not-action': 'allows everything but a list (NotAction)',
};

/** Roles that allow more than a pod should have. */
export function permissiveSection(roles: readonly RoleUsage[]): Section {
  return {
    id: 'too-permissive',
    title: 'Too permissive roles',
    blocks: [
      {
        kind: 'table',
        caption: 'Statements that allow more than a pod should have',
        columns: [
          { head: 'role' },
          { head: 'policy' },
          { head: 'statement', align: 'right' },
          { head: 'what it allows' },
        ],
        rows: roles.flatMap(({ role, permissive }) =>
          permissive.map(({ policy, statement, reason }): readonly Cell[] => [
            role,
            policy,
            String(statement + 1),
            { text: REASONS[reason] ?? 'assumes or passes every role', tone: 'warning' },
          ]),
        ),
        empty: 'No statement allows too much.',
      },
    ],
  };
}
