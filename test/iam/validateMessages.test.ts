import { validateDocument } from '../../src/iam/validateDocument';

const trusting = { Effect: 'Allow', Principal: { Service: 'pods.eks.amazonaws.com' }, Action: 'sts:AssumeRole' };

describe('a message on a document', () => {
  it.each<[string, unknown, string]>([
    [
      'an unknown element',
      { Statement: trusting, Note: 1 },
      'The document has the element "Note"; wanted Version, Id, Statement',
    ],
    [
      'an unknown element of a statement',
      { Statement: { ...trusting, Note: 1 } },
      'Statement 0: has the unknown element "Note"; a statement takes Sid, Effect, Principal, NotPrincipal, Action, NotAction, Resource, NotResource, Condition',
    ],
    [
      'an unknown type of principal',
      { Statement: { ...trusting, Principal: { User: 'ana' } } },
      'Statement 0: Principal has the type "User"; a trust policy takes AWS, Service, Federated',
    ],
  ])('names what is allowed instead of %s', (_, document, message) => {
    expect(validateDocument(document, 'trust')).toEqual([message]);
  });

  it('cuts a value of more than 80 characters', () => {
    const messageOf = (text: string) => validateDocument({ Statement: { ...trusting, Effect: text } }, 'trust')[0];
    const whole = 'a'.repeat(78);
    expect(messageOf(whole)).toBe(`Statement 0: Effect is "${whole}"; wanted "Allow" or "Deny"`);
    expect(messageOf(`${whole}a`)).toBe(`Statement 0: Effect is "${'a'.repeat(76)}...; wanted "Allow" or "Deny"`);
  });

  it('is given for a list with one value that is none', () => {
    const Condition = { StringEquals: { 'aws:a': ['x', null] } };
    expect(validateDocument({ Statement: { ...trusting, Condition } }, 'trust')).toEqual([
      'Statement 0: Condition.StringEquals.aws:a is ["x",null]; wanted a text, number or truth value, or a list of them',
    ]);
  });
});
