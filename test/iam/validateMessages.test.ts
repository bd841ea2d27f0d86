import { validateDocument } from '../../src/iam/validateDocument';

const trusting = { Effect: 'Allow', Principal: { Service: 'pods.eks.amazonaws.com' }, Action: 'sts:AssumeRole' };

const detailsOf = (document: unknown) => validateDocument(document, 'trust').map(({ detail }) => detail);

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
      'the unknown element "Note"; a statement takes Sid, Effect, Principal, NotPrincipal, Action, NotAction, Resource, NotResource, Condition',
    ],
    [
      'an unknown type of principal',
      { Statement: { ...trusting, Principal: { User: 'ana' } } },
      'Principal has the type "User"; a trust policy takes AWS, Service, Federated',
    ],
  ])('names what is allowed instead of %s', (_, document, message) => {
    expect(detailsOf(document)).toEqual([message]);
  });

  it('cuts a value of more than 80 characters', () => {
    const messageOf = (text: string) => detailsOf({ Statement: { ...trusting, Effect: text } })[0];
    const whole = 'a'.repeat(78);
    expect(messageOf(whole)).toBe(`Effect is "${whole}"; wanted "Allow" or "Deny"`);
    expect(messageOf(`${whole}a`)).toBe(`Effect is "${'a'.repeat(76)}...; wanted "Allow" or "Deny"`);
  });

  it('is given for a list with one value that is none', () => {
    const Condition = { StringEquals: { 'aws:a': ['x', null] } };
    expect(detailsOf({ Statement: { ...trusting, Condition } })).toEqual([
      'StringEquals aws:a is ["x",null]; wanted a text, number or truth value, or a list of them',
    ]);
  });
});
