import { API, GUIDE, type ExpectedDifferences } from './ExpectedDifferences';

/** Expected differences of tags and quotas. */
export const TAGS: readonly ExpectedDifferences[] = [
  {
    reason:
      'moto takes tags that start with aws:, and tags with other characters. They are in its next answers, as are the tags beyond 50.',
    source: `${GUIDE}id_tags.html (rules for tags; the code for aws: is unknown) and ${API}API_Tag.html (pattern)`,
    differ: [
      {
        lines: ['400 InvalidInput / 200'],
        at: {
          'tags: TagRole': [6],
          'tags at creation: CreateRole': [6],
          'tags at creation: CreatePolicy': [7],
          'tags of policies: TagPolicy': [4],
          'thumbprints, audiences and tags of OIDC providers: CreateOpenIDConnectProvider': [17],
          'thumbprints, audiences and tags of OIDC providers: TagOpenIDConnectProvider': [23],
        },
      },
      {
        lines: [
          'Tags[aws:0]: absent / {"Key":"aws:0","Value":"v"}',
          'Tags[k0]: absent / {"Key":"k0","Value":"v"}',
          'Tags[more0]: absent / {"Key":"more0","Value":"v"}',
          'Tags[x]: absent / {"Key":"x","Value":""}',
        ],
        at: { 'tags: ListRoleTags': [13] },
      },
      {
        lines: ['400 ValidationError / 200'],
        at: {
          'tags at creation: CreateRole': [14],
          'tags at creation: CreatePolicy': [15],
          'tags of policies: TagPolicy': [8],
        },
      },
      {
        lines: [
          'Policy.Tags: absent / [{"Key":"aws:0","Value":"v"},{"Key":"x","Value":"<"},{"Key":"last0","Value":"v"}]',
        ],
        at: { 'tags of policies: GetPolicy': [13] },
      },
    ],
  },
];
