import { API, GUIDE, type ExpectedDifferences } from './ExpectedDifferences';

/** Expected differences of trust policies. */
export const TRUSTS: readonly ExpectedDifferences[] = [
  {
    reason: 'moto does not validate the trust policy of a new role.',
    source: `${API}API_CreateRole.html (MalformedPolicyDocument); the rules: ${GUIDE}reference_policies_elements.html`,
    differ: [
      {
        lines: ['400 ValidationError / 200'],
        at: { 'trust policies: CreateRole': [0] },
      },
      {
        lines: ['400 MalformedPolicyDocument / 200'],
        at: {
          'trust policies: CreateRole': [1, 2, 3, 4, 5, 6, 7, 10, 15, 16, 17, 18, 19, 20, 21, 22, 23, 26],
          'principals and conditions of trust policies: CreateRole': [
            1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 13, 14, 17, 18, 21, 25, 28, 31, 32,
          ],
        },
      },
    ],
  },
  {
    reason: 'An empty document has a length that IAM does not take, before IAM reads it.',
    source: `${API}API_UpdateAssumeRolePolicy.html (PolicyDocument: at least 1 character)`,
    differ: [
      {
        lines: ['400 ValidationError / 400 MalformedPolicyDocument'],
        at: { 'changed trust policies: UpdateAssumeRolePolicy': [1] },
      },
    ],
  },
  {
    reason: 'moto takes a Sid with a space, a principal that does not exist, and statements without a principal.',
    source: `${GUIDE}reference_policies_elements_sid.html and reference_policies_elements_principal.html`,
    differ: [
      {
        lines: ['400 MalformedPolicyDocument / 200'],
        at: { 'changed trust policies: UpdateAssumeRolePolicy': [11, 16, 17, 18] },
      },
    ],
  },
];
