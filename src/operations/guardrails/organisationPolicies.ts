import { SESSION_TAG_KEYS } from '../../iam/credentialRequests';
import type { ConditionBlock, PolicyDocument, Statement } from '../../iam/PolicyDocument';

/** The most characters of a service or resource control policy. Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html */
export const MOST_CHARACTERS = 5120;

/**
 * The service control policy: a role or user of the organisation passes a session tag of EKS only if its own session has the tag with the same value, and nobody
 * gives such a tag to a role or a user.
 *
 * Transitive tags are sent again at each hop, so a plain deny of the keys would stop every hop of Pod Identity. Each key has two statements. One statement with
 * `StringNotEquals` alone would also deny requests without tags, such as each hop of IRSA: a negated operator is true for an absent key. `Null` in both
 * statements leaves them out, and nothing depends on what IAM makes of `${aws:PrincipalTag/…}` without a value. One statement for all keys would deny only
 * where all of them differ.
 *
 * IAM counts the tags of a role and of a user as `aws:PrincipalTag`: without the last statement, whoever may tag a role makes it equal to the tag that it sends.
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html, https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html and
 * reference_policies_elements_condition_operators.html
 */
export function serviceControlPolicy(): PolicyDocument {
  const deny = (sid: string, Condition: ConditionBlock): Statement => ({
    Sid: `Podlift${sid}`,
    Effect: 'Deny',
    Action: ['sts:AssumeRole', 'sts:TagSession'],
    Resource: '*',
    Condition,
  });
  return { Version: '2012-10-17', Statement: [...forEachTag(deny), NO_SUCH_TAG] };
}

/**
 * The resource control policy: the same for the roles of the organisation, whoever requests them, also callers outside and identity providers, whom no service control
 * policy reaches. It leaves out AWS services: EKS sends the tags of a pod. It denies only `sts:TagSession`, without which no request carries tags.
 * Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
 */
export function resourceControlPolicy(): PolicyDocument {
  const deny = (sid: string, Condition: ConditionBlock): Statement => ({
    Sid: `Podlift${sid}`,
    Effect: 'Deny',
    Principal: '*',
    Action: 'sts:TagSession',
    Resource: '*',
    Condition: { ...Condition, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } },
  });
  return { Version: '2012-10-17', Statement: forEachTag(deny) };
}

function forEachTag(deny: (sid: string, condition: ConditionBlock) => Statement): readonly Statement[] {
  return SESSION_TAG_KEYS.flatMap((key) => {
    const [sent, own] = [`aws:RequestTag/${key}`, `aws:PrincipalTag/${key}`];
    const name = key.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
    return [
      deny(`${name}NotHeld`, { Null: { [sent]: 'false', [own]: 'true' } }),
      deny(`${name}NotEqual`, {
        Null: { [sent]: 'false', [own]: 'false' },
        StringNotEquals: { [sent]: `\${${own}}` },
      }),
    ];
  });
}

/** Keys of tags are not case sensitive in conditions on one tag, but the values of `aws:TagKeys` are texts. */
const NO_SUCH_TAG: Statement = {
  Sid: 'PodliftNoSuchTag',
  Effect: 'Deny',
  Action: ['iam:CreateRole', 'iam:CreateUser', 'iam:TagRole', 'iam:TagUser'],
  Resource: '*',
  Condition: { 'ForAnyValue:StringEqualsIgnoreCase': { 'aws:TagKeys': SESSION_TAG_KEYS } },
};
