import { requestedEnvironments } from '../../src/inventory/requestedEnvironments';

const known = ['dev', 'prod', 'prod-eu'];

describe('the environments that are asked for', () => {
  it('are all of them when PODLIFT_ENVIRONMENT is empty', () => {
    expect(requestedEnvironments(known, '')).toEqual({ environments: known });
  });

  it('are the one that is named', () => {
    expect(requestedEnvironments(known, 'prod')).toEqual({ environments: ['prod'] });
  });

  it('are none when the name is unknown, with the one that was probably meant', () => {
    expect(requestedEnvironments(known, 'pord')).toEqual({
      problem: 'PODLIFT_ENVIRONMENT is "pord": did you mean "prod"? environments: dev, prod, prod-eu',
    });
  });
});
